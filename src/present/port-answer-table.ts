// Who is behind a port, for a person: one stanza a remote, then what is known of "since when", then who else claims the port.
import type { PortAnswer, PortFlow, PortQuestion } from '../core/analysis/port-answer.ts';
import { formatPortSpace } from '../core/model/port-space.ts';
import { protocolName } from '../core/model/protocol.ts';
import { formatClaim } from './claim-text.ts';
import { formatSeconds } from './duration-text.ts';
import { holderName } from './holder-text.ts';
import { type Line, paintLines } from './line.ts';
import { formatCount } from './number-text.ts';
import { commandText, type Style } from './style.ts';
import { wrapText } from './wrap-text.ts';

const MOST_FLOWS = 20;

export function formatPortAnswer(
  answer: PortAnswer,
  { style, next }: { readonly style: Style; readonly next: string },
): string {
  const { flows, node, at } = answer;
  const shown = flows.slice(0, MOST_FLOWS);
  const rest = flows.length - shown.length;
  const lines: Line[] = [
    { text: `${questionText(answer)} on ${node}, ${at}`, tone: 'strong', tonedCharacters: questionText(answer).length },
    ...shown.flatMap((flow) => flowLines(flow, style)),
    ...(rest === 0 ? [] : [{ text: `  ${formatCount(rest, 'more flow')} (-o json has them all)` }]),
    ...nothingLines(answer, style),
    ...sinceLines(answer, style),
    ...claimLines(answer, style),
    ...gapLines(answer, style),
    { text: `Next: ${commandText(next, style)}`, tone: 'strong' },
  ];
  return paintLines(lines, style.palette);
}

/** `192.0.2.10:40123/tcp`. */
export function questionText({ address, port, protocol }: PortQuestion): string {
  const host = address.includes(':') ? `[${address}]` : address;
  return `${host}:${port}${protocol === undefined ? '' : `/${protocolName(protocol)}`}`;
}

function flowLines(flow: PortFlow, style: Style): Line[] {
  const { portSpace, state } = flow;
  const name = formatPortSpace(portSpace, protocolName(portSpace.protocol)).replace(/ via .*/, '');
  const arrow = flow.way === 'inbound' ? 'from' : 'to';
  const words = [whoText(flow), ...(state === '' ? [] : [state]), `${arrow} ${name}`];
  const details = [
    `expires in ${formatSeconds(flow.timeoutSeconds)} unless a packet comes`,
    ...(flow.silentSeconds > 0 ? [`at least ${formatSeconds(flow.silentSeconds)} old: no packet for that long`] : []),
    ...(flow.podStartedAt === undefined ? [] : [`its pod started ${flow.podStartedAt}`]),
    ...(flow.isRedirected ? ['redirected to a Service'] : []),
  ];
  return [
    ...wrapText(words.join(', '), { width: style.width, first: '  ', indent: 4 }),
    ...wrapText(details.join('; '), { width: style.width, first: '    ' }),
  ].map((text) => ({ text }));
}

/** `payments/checkout-7f8d-x0p9 of payments/checkout (Deployment), 10.244.3.17:51234`. */
function whoText({ holder, pod, source, sourcePort, way }: PortFlow): string {
  const host = source.includes(':') ? `[${source}]` : source;
  const from = `${host}:${sourcePort}`;
  if (way === 'inbound') return `inbound, opened by ${from}`;
  if (holder === undefined) return way === 'own' ? `the node itself, ${from}` : from;
  if (holder.kind !== 'workload') return `${holderName(holder)}, ${from}`;
  const { kind } = holder.workload;
  const owner = kind === 'Pod' ? '' : ` of ${holderName(holder)} (${kind})`;
  return `pod ${pod ?? holderName(holder)}${owner}, ${from}`;
}

function nothingLines({ flows, flowsRead }: PortAnswer, style: Style): Line[] {
  if (flows.length > 0) return [];
  const text = flowsRead
    ? 'No conntrack entry holds this port right now. One that has ended leaves nothing behind: who held it earlier only agents know (--at).'
    : 'Not known: no conntrack entry could be read.';
  return wrapText(text, { width: style.width, first: `${style.symbols.unknown} `, indent: 2 }).map(
    (line, index): Line => (index === 0 ? { text: line, tone: 'unknown', tonedCharacters: 1 } : { text: line }),
  );
}

function sinceLines({ flows }: PortAnswer, style: Style): Line[] {
  if (flows.length === 0) return [];
  const text =
    'Since when: conntrack keeps no start (net.netfilter.nf_conntrack_timestamp is off by default); above is what the timeouts and pods tell.';
  return wrapText(text, { width: style.width, indent: 2 }).map((line) => ({ text: line }));
}

function claimLines({ claims }: PortAnswer, style: Style): Line[] {
  if (claims.length === 0) return [];
  const text = claims.map((claim) => `${formatClaim(claim)} (${claim.source})`).join('; ');
  return wrapText(text, { width: style.width, first: 'Also claimed by: ', indent: 2 }).map((line) => ({ text: line }));
}

/** What could hide a flow; other gaps do not matter here. */
const HIDING: ReadonlySet<string> = new Set([
  'flows',
  'flows-incomplete',
  'host-flows',
  'conntrack-absent',
  'pods',
  'decoder',
]);

function gapLines({ gaps }: PortAnswer, style: Style): Line[] {
  return gaps
    .filter(({ id }) => HIDING.has(id))
    .flatMap(({ what, why }) => wrapText(`${what} (${why})`, { width: style.width, first: 'Not seen: ', indent: 10 }))
    .map((text) => ({ text }));
}
