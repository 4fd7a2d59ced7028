// The effective natPortRange of a cluster's nodes as one screen: who has which, which layer says so, what is wrong.
import { type ClusterRange, type RangeGroup, groupByRange } from '../core/analysis/cluster-range.ts';
import type { RangeTrap } from '../core/analysis/range-chain.ts';
import { UNRESTRICTED_RANGE, formatRange } from '../core/model/port-range.ts';
import { chainLines } from './cluster-range-explain.ts';
import { layoutColumns } from './column-layout.ts';
import { type Line, paintLines } from './line.ts';
import {
  TRAP_SEVERITY,
  bySeverity,
  trapRank,
  formatNodeRange,
  groupSeverity,
  nodePortSourceText,
  someNames,
} from './node-range-text.ts';
import { formatCount } from './number-text.ts';
import { type Style, commandText } from './style.ts';
import { wrapSegments, wrapText } from './wrap-text.ts';

export interface ClusterRangeOptions {
  readonly style: Style;
  /** Unfolds every layer of every distinct chain. */
  readonly explain: boolean;
}

const GAPS_SHOWN = 4;

/** The page of `portolan range`. */
export function formatClusterRange(cluster: ClusterRange, { style, explain }: ClusterRangeOptions): string {
  const groups = groupByRange(cluster.nodes).toSorted(bySeverity);
  const lines: Line[] = [
    ...headLines(cluster, style),
    { text: '' },
    ...groupLines(groups, style),
    ...trapLines(cluster, style),
    ...(explain ? chainLines(cluster, groups, style) : []),
    { text: '' },
    ...nodePortLines(cluster, style),
    ...gapLines(cluster, { style, explain }),
    { text: `Next: ${commandText(nextCommand(groups, explain), style)}`, tone: 'strong' },
  ];
  return paintLines(lines, style.palette);
}

function headLines(cluster: ClusterRange, style: Style): Line[] {
  const { nodes, calicoVersion, apiGroup, masquerader, pools } = cluster;
  const version = calicoVersion.seen ? `Calico ${calicoVersion.value}` : 'Calico version not read';
  const group = apiGroup.seen ? ` (${apiGroup.value})` : '';
  const segments = [
    cluster.cluster,
    formatCount(nodes.length, 'node'),
    `${version}${group}`,
    masqueraderText(masquerader),
  ];
  const lines = wrapSegments(segments, { width: style.width, indent: 2 }).flatMap((line) =>
    line.length <= style.width ? [line] : wrapText(line, { width: style.width, first: '  ' }),
  );
  return [
    ...lines.map(
      (text, index): Line =>
        index === 0 ? { text, tone: 'strong', tonedCharacters: cluster.cluster.length } : { text },
    ),
    ...uselessLines(pools, style),
  ];
}

function uselessLines(pools: ClusterRange['pools'], style: Style): Line[] {
  if (!pools.seen || pools.value.some(({ natOutgoing }) => natOutgoing)) return [];
  const text = 'No IPPool has natOutgoing: Calico translates no egress, and natPortRange does nothing.';
  return wrapText(text, { width: style.width, first: `${style.symbols.warning} `, indent: 2 }).map(
    (line): Line => ({
      text: line,
      tone: 'warning',
      tonedCharacters: 1,
    }),
  );
}

const MASQUERADERS: Readonly<Record<ClusterRange['masquerader']['by'], string>> = {
  calico: 'egress translated by Calico',
  cilium: 'egress translated by Cilium: natPortRange does nothing',
  'ovn-kubernetes': 'egress translated by OVN-Kubernetes: natPortRange does nothing',
  windows: 'Windows nodes: natPortRange does nothing',
  other: 'egress translated by another program: natPortRange does nothing',
  unknown: 'not known who translates egress',
};

function masqueraderText({ by, evidence }: ClusterRange['masquerader']): string {
  return `${MASQUERADERS[by]} (${evidence})`;
}

/** The place stands beside the nodes where there is room, else below. */
function groupLines(groups: readonly RangeGroup[], style: Style): Line[] {
  const marks = groups.map(groupSeverity);
  const rows = layoutColumns([
    ['  RANGE', 'NODES', 'SET BY'],
    ...groups.map((group, index) => [
      `${style.symbols[marks[index] ?? 'ok']} ${formatNodeRange(group.range)}`,
      `${group.nodes.length}`,
      settingText(group),
    ]),
  ]);
  const indent = Math.max(...rows.slice(0, 1).map((row) => row.indexOf('SET BY')));
  return rows.flatMap((row, index) => {
    const group = groups[index - 1];
    const first = wrapText(row.slice(indent), { width: style.width, first: row.slice(0, indent), indent });
    if (group === undefined) return first.map((text): Line => ({ text, tone: 'strong' }));
    const names = someNames(group.nodes.map(({ node }) => node));
    const below = wrapText(`on ${names}`, { width: style.width, first: ' '.repeat(indent), indent: indent + 3 });
    const tone = marks[index - 1] ?? 'ok';
    return [...first, ...below].map(
      (text, at): Line => (at === 0 ? { text, tone, tonedCharacters: indent } : { text }),
    );
  });
}

/** What the ruling layer says and what it shadows; of a group whose nodes have an object each, the first is the example. */
function settingText({ range, nodes }: RangeGroup): string {
  const [node] = nodes;
  if (node === undefined) return '';
  if (range.kind === 'frozen') return 'what Felix read last: now it can read no FelixConfiguration';
  if (range.kind === 'unknown') {
    const open = node.layers.find(({ role }) => role === 'not-read');
    return open === undefined ? 'not known' : `${open.place}: ${open.why}`;
  }
  const ruling = node.layers.find(({ role }) => role === 'rules');
  const shadowed = node.layers.filter(({ role, said }) => role === 'shadowed' && said !== undefined);
  const says = ruling?.said === undefined ? '' : ` says ${ruling.said.written}`;
  const over = shadowed.map(({ place, said }) => `${place} ${said?.written ?? ''}`).join(', ');
  const doubt = node.confidence === 'high' ? '' : `; confidence ${node.confidence}`;
  return `${ruling?.place ?? ''}${says}${over === '' ? '' : `; shadows ${over}`}${doubt}`;
}

function trapLines({ nodes }: ClusterRange, style: Style): Line[] {
  const found = new Map<string, { readonly trap: RangeTrap; readonly nodes: string[] }>();
  for (const { node, traps } of nodes)
    for (const trap of traps) {
      const key = `${trap.place} ${trap.what}`;
      const entry = found.get(key);
      if (entry === undefined) found.set(key, { trap, nodes: [node] });
      else entry.nodes.push(node);
    }
  return [...found.values()]
    .toSorted((left, right) => trapRank(left.trap) - trapRank(right.trap))
    .flatMap(({ trap, nodes: concerned }) => {
      const reach = trap.reach === 'this node' ? `on ${someNames(concerned)}` : `reaches ${trap.reach}`;
      const severity = TRAP_SEVERITY[trap.id];
      const first = `${style.symbols[severity]} `;
      const text = wrapText(`${trap.place}: ${trap.what} (${reach}).`, { width: style.width, first, indent: 2 });
      return [
        { text: '' },
        ...text.map(
          (line, index): Line => (index === 0 ? { text: line, tone: severity, tonedCharacters: 1 } : { text: line }),
        ),
        // A command stays one line, so that it can be pasted.
        ...(trap.repair === undefined ? [] : [{ text: '  repair:' }, { text: trap.repair }]),
      ];
    });
}

function nodePortLines(cluster: ClusterRange, style: Style): Line[] {
  const { range, source } = cluster.nodePorts;
  const text = `NodePorts ${formatRange(range)} (${nodePortSourceText(source)})${overlapText(cluster)}.`;
  return wrapText(text, { width: style.width, indent: 2 }).map((line) => ({ text: line }));
}

/** Nothing is said where another program than Calico chooses the ports. */
function overlapText({ nodePorts, nodes, masquerader: { by } }: ClusterRange): string {
  if (by !== 'calico' && by !== 'unknown') return '';
  const known = nodes.flatMap(({ range }) =>
    range.kind === 'range' ? [range.range] : range.kind === 'none' ? [UNRESTRICTED_RANGE] : [],
  );
  const touched = known.filter(({ first, last }) => first <= nodePorts.range.last && nodePorts.range.first <= last);
  if (touched.length > 0) return `: inside the range of ${formatCount(touched.length, 'node')}`;
  if (known.length === 0) return '';
  return `: outside the range of ${known.length === nodes.length ? 'every node' : formatCount(known.length, 'node')}`;
}

/** Each once, however many nodes share it. */
function gapLines({ nodes, gaps }: ClusterRange, { style, explain }: ClusterRangeOptions): Line[] {
  const all = [...gaps, ...nodes.flatMap((node) => node.gaps)];
  const distinct = [...new Map(all.map((gap) => [`${gap.what} ${gap.why}`, gap])).values()];
  const shown = explain ? distinct : distinct.slice(0, GAPS_SHOWN);
  const rest = distinct.length - shown.length;
  return [
    ...shown.map(({ what, why, remedy }) => `${what} (${why})${remedy === undefined ? '' : `; try: ${remedy}`}`),
    ...(rest > 0 ? [`${rest} more (--explain lists them)`] : []),
  ]
    .flatMap((text) => wrapText(text, { width: style.width, first: 'Not seen: ', indent: 10 }))
    .map((text): Line => (text.startsWith('Not seen') ? { text, tone: 'unknown', tonedCharacters: 9 } : { text }));
}

function nextCommand(groups: readonly RangeGroup[], explain: boolean): string {
  const isFine = groups.every((group) => groupSeverity(group) === 'ok');
  return explain || isFine ? 'portolan diagnose' : 'portolan range --explain';
}
