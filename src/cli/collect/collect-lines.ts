// What collect says when it is done: what is in the file, what was not seen, how to go on.
import type { NodeFacts } from '../../core/model/node-facts.ts';
import type { WrittenBundle } from '../../dumps/bundle/bundle-writer.ts';
import { formatCount, formatInteger } from '../../core/model/number-text.ts';
import { wrapText } from '../../present/wrap-text.ts';
import { commandText, type Style } from '../../present/style.ts';

export interface Collected {
  readonly facts: NodeFacts;
  readonly bundle: WrittenBundle;
  /** As a shell takes it; undefined where it went to stdout. */
  readonly path: string | undefined;
}

const GAPS_SHOWN = 4;

export function collectLines({ facts, bundle, path }: Collected, style: Style): string[] {
  const { manifest, bytes } = bundle;
  const [part] = manifest.nodes;
  const { sourceNat, dnatPorts, untrackedPorts } = facts.natRules;
  const rules = formatCount(sourceNat.length + dnatPorts.length + untrackedPorts.length, 'NAT rule');
  const wrap = (text: string, first = ''): string[] =>
    wrapText(text, { width: style.width, first, indent: first === '' ? 2 : first.length });
  return [
    ...wrap(
      `${part?.node ?? ''}: ${formatCount(facts.flows.flowCount, 'flow')} in ${formatCount(facts.flows.portSpaceCount, 'port space')}, ${rules}, ${formatCount(facts.claims.length, 'claimed port')}`,
    ),
    ...facts.gaps.slice(0, GAPS_SHOWN).flatMap(({ what, why }) => wrap(`${what} (${why})`, 'Not seen: ')),
    ...(facts.gaps.length > GAPS_SHOWN
      ? [`          and ${formatCount(facts.gaps.length - GAPS_SHOWN, 'thing')} more; diagnose names them`]
      : []),
    manifest.redaction === 'none'
      ? 'Names and addresses are the real ones; --redact puts others in their place.'
      : 'Names and addresses stand for others, the same ones throughout.',
    path === undefined
      ? `${formatInteger(bytes)} bytes`
      : `Wrote ${path}: ${formatInteger(bytes)} bytes, for its owner alone`,
    `Next: ${commandText(`portolan diagnose ${path ?? '-'}`, style)}`,
  ];
}
