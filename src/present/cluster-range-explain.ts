// The chains behind the effective ranges: per distinct range every layer, what it says, whether it rules and why.
import type { ClusterRange, RangeGroup } from '../core/analysis/cluster-range.ts';
import type { RangeLayer } from '../core/analysis/range-chain.ts';
import { layoutColumns } from './column-layout.ts';
import type { Line } from './line.ts';
import { formatNodeRange, rangeMeaning, roleMark, roleText, someNames } from './node-range-text.ts';
import type { Style } from './style.ts';
import { wrapText } from './wrap-text.ts';

const NARROWEST_WHY = 24;

/** The chain of the first node of each group, then the pools. */
export function chainLines(cluster: ClusterRange, groups: readonly RangeGroup[], style: Style): Line[] {
  return [...groups.flatMap((group) => groupLines(group, style)), ...poolLines(cluster, style)];
}

function groupLines({ range, nodes }: RangeGroup, style: Style): Line[] {
  const [node] = nodes;
  if (node === undefined) return [];
  const title = `${formatNodeRange(range)} on ${someNames(nodes.map((each) => each.node))}: confidence ${node.confidence}`;
  const example = nodes.length === 1 ? '' : ` The chain of ${node.node}:`;
  return [
    { text: '' },
    ...wrapText(title, { width: style.width, indent: 2 }).map((text): Line => ({ text, tone: 'strong' })),
    ...wrapText(`${rangeMeaning(range)}.${example}`, { width: style.width, first: '  ' }).map((text) => ({ text })),
    ...layerLines(node.layers.filter(isWorthALine), style),
  ];
}

/** Annotations are rare: those that say nothing and were read get no line. */
function isWorthALine({ id, role }: RangeLayer): boolean {
  return !id.endsWith('-annotation') || role !== 'silent';
}

/** A table where the reasons have room beside it, else a sentence per layer. */
function layerLines(layers: readonly RangeLayer[], style: Style): Line[] {
  const heads = layoutColumns(
    layers.map((layer) => [markedRole(layer, style), layer.place, writtenText(layer)]),
    { indent: 2 },
  );
  const indent = Math.max(...heads.map((head) => head.length)) + 2;
  const isBeside = style.width - indent >= NARROWEST_WHY;
  return layers.flatMap((layer, index) => {
    const texts = isBeside
      ? wrapText(layer.why, { width: style.width, first: (heads[index] ?? '').padEnd(indent) })
      : wrapText(`${layer.place}${layer.said === undefined ? '' : ` ${layer.said.written}`}: ${layer.why}`, {
          width: style.width,
          first: `  ${markedRole(layer, style)}  `,
          indent: 6,
        });
    return texts.map((text, at): Line => (at === 0 ? { text, tone: roleMark(layer), tonedCharacters: 3 } : { text }));
  });
}

function markedRole(layer: RangeLayer, style: Style): string {
  return `${style.symbols[roleMark(layer)]} ${roleText(layer)}`;
}

function writtenText({ said }: RangeLayer): string {
  return said?.written ?? '-';
}

function poolLines({ pools }: ClusterRange, style: Style): Line[] {
  return [{ text: '' }, ...wrapText(poolText(pools), { width: style.width, indent: 2 }).map((text) => ({ text }))];
}

function poolText(pools: ClusterRange['pools']): string {
  if (!pools.seen) return `IPPools were not read (${pools.why}).`;
  const translated = pools.value.filter(({ natOutgoing }) => natOutgoing);
  const all = translated.map(
    ({ name, cidr, disabled }) => `${name} ${cidr}${disabled ? ' (disabled, still counts)' : ''}`,
  );
  if (all.length === 0) return 'No IPPool has natOutgoing: Calico translates no egress, and natPortRange does nothing.';
  return `Pods of ${someNames(all, 6)} are translated when they leave the pools.`;
}
