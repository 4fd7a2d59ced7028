// What collect says when it is done: what is in the file, what was not seen, how to go on.
import type { Gap } from '../../core/model/gap.ts';
import { formatCount, formatInteger } from '../../core/model/number-text.ts';
import type { WrittenBundle } from '../../dumps/bundle/bundle-writer.ts';
import { wrapText } from '../../present/wrap-text.ts';
import { commandText, type Style } from '../../present/style.ts';

export interface Collected {
  readonly bundle: WrittenBundle;
  /** What was not seen, with the real names: they are not in the file. */
  readonly gaps: readonly Gap[];
  /** Nodes beyond --max-nodes. */
  readonly leftOut: number;
  /** As a shell takes it; undefined where it went to stdout. */
  readonly path: string | undefined;
}

const GAPS_SHOWN = 5;
const NOT_SEEN = 'Not seen: ';

export function collectLines({ bundle, gaps, leftOut, path }: Collected, style: Style): string[] {
  const { manifest, bytes } = bundle;
  const { nodes, cluster } = manifest;
  const flows = nodes.reduce((sum, node) => sum + node.flows, 0);
  const [first] = nodes;
  const subject =
    cluster === undefined && first !== undefined ? `node ${first.node}` : formatCount(nodes.length, 'node');
  return [
    `${subject}: ${formatCount(flows, 'flow')}`,
    ...gaps.slice(0, GAPS_SHOWN).flatMap((gap) => gapLines(gap, style)),
    ...(gaps.length > GAPS_SHOWN
      ? [`${NOT_SEEN}${formatInteger(gaps.length - GAPS_SHOWN)} more; diagnose names them`]
      : []),
    ...(leftOut === 0 ? [] : [`${NOT_SEEN}${formatCount(leftOut, 'node')} beyond --max-nodes`]),
    manifest.redaction === 'none'
      ? 'Names and addresses are the real ones; --redact puts others in their place.'
      : 'Names and addresses in it stand for others, the same ones throughout.',
    path === undefined
      ? `${formatInteger(bytes)} bytes`
      : `Wrote ${path}: ${formatInteger(bytes)} bytes, readable by its owner alone`,
    `Next: ${commandText(`portolan diagnose ${path ?? '-'}`, style)}`,
  ];
}

function gapLines({ what, why }: Gap, { width }: Style): string[] {
  return wrapText(`${what} (${why})`, { width, first: NOT_SEEN });
}
