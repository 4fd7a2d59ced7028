// The top of the live view: where one is, how fresh that is, and the answer for what one looks at.
import type { Diagnosis, PortSpaceVerdict } from '../../core/analysis/diagnosis.ts';
import { SEVERITY_ORDER, verdictLabel } from '../words.ts';
import { plainBehaviour } from '../behaviour-text.ts';
import { formatSeconds } from '../duration-text.ts';
import { formatCount, formatInteger, formatRate } from '../number-text.ts';
import { arrivals, forecast, heldPorts, nextLost, usedPorts } from '../port-space-text.ts';
import { sentenceWithNumbers } from '../quantity-text.ts';
import { formatEffective, formatRanges } from '../range-text.ts';
import { formatShare } from '../share-text.ts';
import type { Style } from '../style.ts';
import { wrapSegments, wrapText } from '../wrap-text.ts';
import { wereFlowsUnread } from './were-flows-unread.ts';
import { type FrameLine, clipText, lineOf } from './frame-line.ts';
import { type NodeLook, severityOf, type SpaceLine, type TopSnapshot } from './node-look.ts';
import { type TopState, type TopSubject, subjectOf } from './top-state.ts';

const MOST_FINDINGS = 2;
const MOST_SENTENCE_LINES = 2;

export interface HeaderOptions {
  readonly columns: number;
  /** False: no other look will follow. */
  readonly isLive: boolean;
  readonly style: Style;
}

/** Place and time, then what the place says. */
export function headerLines(state: TopState, options: HeaderOptions): readonly FrameLine[] {
  return [titleLine(state, options), ...aboutLines(state, options)];
}

function titleLine(state: TopState, { columns, style, isLive }: HeaderOptions): FrameLine {
  const status = statusText(state, isLive);
  const width = columns - status.length - 2;
  const trail = clipText(trailOf(state), { width, ellipsis: style.symbols.ellipsis });
  return [
    { text: trail.padEnd(Math.max(0, width)), tone: 'strong' },
    { text: '  ' },
    { text: status, tone: state.isPaused ? 'warning' : 'faint' },
  ];
}

/** `worker-3 > tcp 203.0.113.9:443 > 10.244.3.17`. */
function trailOf({ snapshot, screen: { place } }: TopState): string {
  if (place.kind === 'nodes') return 'portolan top';
  if (place.kind === 'spaces') return place.node;
  const { look, line } = subjectOf(snapshot, place);
  const trail = `${place.node} > ${line?.name ?? place.space.replace(/^\d+ /, '')}`;
  return place.kind === 'ports' ? `${trail} > ${look?.nameOf(place.source) ?? place.source}` : trail;
}

function statusText({ snapshot, isPaused }: TopState, isLive: boolean): string {
  if (snapshot === undefined) return 'first look ...';
  const time = `${snapshot.at.slice(11, 19)} UTC`;
  if (!isLive) return time;
  if (isPaused) return `PAUSED at ${time}`;
  const { intervalSeconds, actualSeconds, lookSeconds } = snapshot.pace;
  const every = formatSeconds(actualSeconds);
  if (actualSeconds < intervalSeconds * 1.25) return `every ${every}  ${time}`;
  return `slowed to every ${every}: a look takes ${formatSeconds(lookSeconds)}  ${time}`;
}

function aboutLines(state: TopState, options: HeaderOptions): readonly FrameLine[] {
  const { snapshot, screen } = state;
  if (snapshot === undefined) return [];
  const { place } = screen;
  if (place.kind === 'nodes') return [lineOf(nodeCounts(state)), ...unreadLines(state, options)];
  const subject = subjectOf(snapshot, place);
  if (subject.look === undefined) return [unseenLine(place.node, snapshot)];
  if (place.kind === 'spaces') return nodeLines(subject.look, options);
  if (subject.line === undefined) return [lineOf('no port is held towards this destination any more', 'faint')];
  return place.kind === 'sources'
    ? spaceLines(subject.look, subject.line, options)
    : [lineOf(holderText(subject, place.source))];
}

/** What is opened first has to be looked at. */
function unseenLine(name: string, { nodes }: TopSnapshot): FrameLine {
  const entry = nodes.find(({ node }) => node === name);
  if (entry?.glance !== undefined) return lineOf(`looking at ${name} ...`, 'faint');
  return lineOf(`${name} is not in the newest look`, 'unknown');
}

function nodeCounts({ snapshot }: TopState): string {
  const nodes = snapshot?.nodes ?? [];
  const severities = nodes.map(severityOf);
  const counts = SEVERITY_ORDER.map((severity) => ({
    severity: severity === 'ok' ? 'fine' : severity,
    count: severities.filter((found) => found === severity).length,
  })).filter(({ count }) => count > 0);
  return `${formatCount(nodes.length, 'node')}: ${counts.map(({ severity, count }) => `${count} ${severity}`).join(', ')}`;
}

/** Why nodes have no figures. */
function unreadLines({ snapshot }: TopState, { style }: HeaderOptions): readonly FrameLine[] {
  const unread = (snapshot?.nodes ?? []).flatMap((entry) =>
    'why' in entry ? [`${entry.node} not read: ${entry.why}`] : [],
  );
  const rest = unread.length - MOST_FINDINGS;
  const more = rest > 0 ? [`${formatCount(rest, 'more node')} not read`] : [];
  return [...unread.slice(0, MOST_FINDINGS), ...more].map((text) =>
    lineOf(`${style.symbols.unknown} ${text}`, 'unknown'),
  );
}

function nodeLines(look: NodeLook, { columns, style }: HeaderOptions): readonly FrameLine[] {
  const { diagnosis } = look;
  const figures = wrapSegments(
    [...nodeFigures(look), ...formatRanges(diagnosis), plainBehaviour(diagnosis.behaviour)],
    {
      width: columns,
    },
  );
  return [
    ...figures.map((text) => lineOf(text)),
    ...findingLines(diagnosis, style),
    ...(diagnosis.gaps.length === 0
      ? []
      : [lineOf(`${style.symbols.unknown} not seen: ${diagnosis.gaps.map(({ what }) => what).join('; ')}`, 'unknown')]),
  ];
}

/** Used, lost, new: the figures that move. */
function nodeFigures({ diagnosis }: NodeLook): readonly string[] {
  const { losses, totals, table } = diagnosis;
  const isBlind = wereFlowsUnread(diagnosis);
  const [first, ...others] = diagnosis.portSpaces;
  return [
    isBlind
      ? 'ports used: not known'
      : first === undefined
        ? 'no port used'
        : fullestText(others.reduce(fuller, first)),
    losses === undefined
      ? 'lost: not counted'
      : `lost ${formatCount(losses.snat + losses.tableFull, 'packet')} in ${formatSeconds(losses.seconds)}`,
    totals.newPerSecond === undefined ? 'new flows: not counted' : `new ${formatRate(totals.newPerSecond)}`,
    isBlind ? '' : `${formatCount(totals.flows, 'flow')} in ${formatCount(totals.portSpaces, 'port space')}`,
    table === undefined || table.max === 0 ? '' : `conntrack table ${formatShare(table.count / table.max)} full`,
  ];
}

function fuller(best: PortSpaceVerdict, verdict: PortSpaceVerdict): PortSpaceVerdict {
  return verdict.usedPorts > best.usedPorts ? verdict : best;
}

/** `fullest 32,101 of 32,768 ports (98 %)`. */
function fullestText(verdict: PortSpaceVerdict): string {
  return `fullest ${usedPorts(verdict)} (${formatShare(verdict.usedPorts / verdict.capacityPorts)})`;
}

/** What holds for the node as a whole and is not fine. */
function findingLines({ findings }: Diagnosis, style: Style): readonly FrameLine[] {
  const bad = findings.filter(({ severity }) => severity !== 'ok' && severity !== 'info');
  const lines = bad.slice(0, MOST_FINDINGS).map((finding): FrameLine => {
    const label = `${style.symbols[finding.severity]} ${verdictLabel(finding.check)}`;
    return [{ text: label, tone: finding.severity }, { text: `  ${sentenceWithNumbers(finding)}` }];
  });
  const rest = bad.length - lines.length;
  return rest === 0 ? lines : [...lines, lineOf(`${formatCount(rest, 'more finding')}: ${style.programName} diagnose`)];
}

/** The verdict of one destination, as a diagnosis would put it. */
function spaceLines(look: NodeLook, line: SpaceLine, { columns, style }: HeaderOptions): readonly FrameLine[] {
  const { verdict } = line;
  if (verdict === undefined) return [lineOf(`quiet: ${formatCount(line.usedPorts, 'port')} in use`)];
  const { evictsClosing } = look.diagnosis.behaviour;
  const figures = [
    usedPorts(verdict),
    nextLost(verdict, evictsClosing),
    heldPorts(verdict, evictsClosing),
    arrivals(verdict),
    forecast(verdict),
    `range ${formatEffective(verdict.effective)}`,
  ];
  return [
    ...verdictLines(verdict, { columns, style }),
    ...wrapSegments(figures, { width: columns }).map((text) => lineOf(text)),
  ];
}

function verdictLines(
  { findings }: PortSpaceVerdict,
  { columns, style }: Pick<HeaderOptions, 'columns' | 'style'>,
): readonly FrameLine[] {
  const [finding] = findings;
  if (finding === undefined) return [];
  const label = `${style.symbols[finding.severity]} ${verdictLabel(finding.check)}`;
  return wrapText(finding.sentence, { width: columns, first: `${label}  ` })
    .slice(0, MOST_SENTENCE_LINES)
    .map((text, index) =>
      index === 0
        ? [{ text: text.slice(0, label.length), tone: finding.severity }, { text: text.slice(label.length) }]
        : lineOf(text),
    );
}

function holderText({ look, line, holding }: TopSubject, source: string): string {
  const name = look?.nameOf(source);
  const who = name === undefined ? source : `${name} (${source})`;
  const ports = holding?.sources.find(({ address }) => address === source)?.ports ?? 0;
  return `${who} holds ${formatCount(ports, 'port')} of ${formatInteger(holding?.ports ?? 0)} towards ${line?.name ?? ''}`;
}
