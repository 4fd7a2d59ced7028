// Who held a port at a moment, for a person: one stanza a connection, then how far back the agent remembers.
import type { PortQuestion } from '../core/analysis/port-answer.ts';
import type { PastHolder, PortHistory } from '../core/model/port-history.ts';
import { protocolName } from '../core/model/protocol.ts';
import { formatSeconds } from './duration-text.ts';
import { type Line, paintLines } from './line.ts';
import { formatCount } from './number-text.ts';
import { isoTime } from './port-history-document.ts';
import { questionText } from './port-answer-table.ts';
import { commandText, type Style } from './style.ts';
import { wrapText } from './wrap-text.ts';

const MOST_HOLDERS = 20;

export interface PortHistoryTableOptions {
  readonly question: PortQuestion;
  readonly style: Style;
  readonly next: string;
}

export function formatPortHistory(history: PortHistory, { question, style, next }: PortHistoryTableOptions): string {
  const { holders, node, atMilliseconds } = history;
  const shown = holders.slice(0, MOST_HOLDERS);
  const rest = holders.length - shown.length;
  const asked = questionText(question);
  const lines: Line[] = [
    { text: `${asked} on ${node} at ${isoTime(atMilliseconds)}`, tone: 'strong', tonedCharacters: asked.length },
    ...shown.flatMap((holder) => holderLines(holder, style)),
    ...(rest === 0 ? [] : [{ text: `  ${formatCount(rest, 'more connection')} (-o json has them all)` }]),
    ...nothingLines(history, style),
    ...plain(reachText(history), style),
    ...plain(podsText(history), style),
    { text: `Next: ${commandText(next, style)}`, tone: 'strong' },
  ];
  return paintLines(lines, style.palette);
}

function holderLines(holder: PastHolder, style: Style): Line[] {
  const remote = `${bracketed(holder.remoteAddress)}:${holder.remotePort}`;
  const words = [whoText(holder), `to ${protocolName(holder.protocol)} ${remote}`];
  const { pod } = holder;
  const started = pod?.startedAt === undefined ? [] : [`its pod started ${pod.startedAt}`];
  return [
    ...wrapText(words.join(', '), { width: style.width, first: '  ', indent: 4 }),
    ...wrapText([timesText(holder), ...started].join('; '), { width: style.width, first: '    ', indent: 4 }),
  ].map((text) => ({ text }));
}

function whoText({ pod, source, sourcePort }: PastHolder): string {
  const from = `${bracketed(source)}:${sourcePort}`;
  if (pod === undefined) return `${from} (no pod is known to have had that address then)`;
  const { kind, namespace, name } = pod.workload;
  const owner = kind === 'Pod' ? '' : ` of ${namespace}/${name} (${kind})`;
  return `pod ${pod.namespace}/${pod.name}${owner}, ${from}`;
}

function timesText({ fromMilliseconds, toMilliseconds, beganExactly, endedExactly }: PastHolder): string {
  const from = `${beganExactly ? 'from' : 'from before'} ${isoTime(fromMilliseconds)}`;
  if (toMilliseconds === undefined) return `${from}, and still`;
  const seconds = Math.round((toMilliseconds - fromMilliseconds) / 1000);
  const length = beganExactly && endedExactly ? ` (${formatSeconds(seconds)})` : '';
  return `${from} ${endedExactly ? 'to' : 'to some time before'} ${isoTime(toMilliseconds)}${length}`;
}

function nothingLines(history: PortHistory, style: Style): Line[] {
  const { holders, atMilliseconds, watchedSinceMilliseconds, reachesBackToMilliseconds } = history;
  if (holders.length > 0) return [];
  const text =
    atMilliseconds < watchedSinceMilliseconds
      ? 'Not known: nobody watched this node then.'
      : atMilliseconds < reachesBackToMilliseconds
        ? 'Not known: connections that ended then may be forgotten, and none that is remembered held this port.'
        : 'Nobody: no translated connection held this port then.';
  return wrapText(text, { width: style.width, first: `${style.symbols.unknown} `, indent: 2 }).map(
    (line, index): Line => (index === 0 ? { text: line, tone: 'unknown', tonedCharacters: 1 } : { text: line }),
  );
}

function reachText({ node, watchedSinceMilliseconds: since, reachesBackToMilliseconds: back }: PortHistory): string {
  const watched = `The agent of ${node} has watched since ${isoTime(since)}`;
  return back === since
    ? `${watched} and has forgotten nothing since.`
    : `${watched}; of connections that ended before ${isoTime(back)} it may have forgotten some.`;
}

/** A second or two is the way the news took. */
const OLD_SECONDS = 5;

function podsText({ podsAgeSeconds, holders }: PortHistory): string {
  if (holders.length === 0) return '';
  if (podsAgeSeconds === undefined) return 'The agent knows no pods: addresses have no names.';
  return podsAgeSeconds < OLD_SECONDS ? '' : `What it knows of pods is ${formatSeconds(podsAgeSeconds)} old.`;
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}

function plain(text: string, style: Style): Line[] {
  return text === '' ? [] : wrapText(text, { width: style.width, indent: 2 }).map((line) => ({ text: line }));
}
