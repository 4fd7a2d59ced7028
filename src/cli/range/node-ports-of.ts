// The range of NodePorts by the best evidence there is, and a gap where that is no certainty.
import type { Gap } from '../../core/model/gap.ts';
import { DEFAULT_NODE_PORTS, type NodePortRange } from '../../core/model/node-port-range.ts';
import { formatRange, type PortRange, parseRange, rangeContains } from '../../core/model/port-range.ts';
import type { RangeSources } from '../../kube/calico/range-sources.ts';

export interface JudgedNodePorts {
  readonly range: NodePortRange;
  readonly gaps: readonly Gap[];
}

export function judgeNodePorts(sources: RangeSources): JudgedNodePorts {
  const { askedNodePorts: asked, usedNodePorts: used } = sources;
  if (asked.seen) return { range: { range: asked.value, source: 'api-server-answer' }, gaps: [] };
  const hint = hintOf(sources);
  const span = used.seen ? used.value : undefined;
  const range = bestGuess(hint, span);
  const gap: Gap = {
    id: 'node-port-range',
    what: 'the range of NodePorts',
    why: `${asked.why}${used.seen ? '' : `; NodePorts in use: ${used.why}`}`,
    weakens: `which claims stand inside a range: ${formatRange(range.range)} is ${SOURCE_TEXT[range.source] ?? range.source}`,
    ...(asked.remedy === undefined ? {} : { remedy: asked.remedy }),
  };
  return { range, gaps: [gap] };
}

const SOURCE_TEXT: Readonly<Partial<Record<NodePortRange['source'], string>>> = {
  'felix-hint': "Felix's own setting kubeNodePortRanges",
  observed: 'from the lowest to the highest NodePort in use',
  assumed: 'the default of Kubernetes',
};

/** A hint or default that does not hold a NodePort in use is wrong. */
function bestGuess(hint: PortRange | undefined, span: PortRange | undefined): NodePortRange {
  if (hint !== undefined && holds(hint, span)) return { range: hint, source: 'felix-hint' };
  if (holds(DEFAULT_NODE_PORTS, span) || span === undefined) return { range: DEFAULT_NODE_PORTS, source: 'assumed' };
  return { range: span, source: 'observed' };
}

function holds(range: PortRange, span: PortRange | undefined): boolean {
  return span === undefined || (rangeContains(range, span.first) && rangeContains(range, span.last));
}

/** The widest span of what `default` says. */
function hintOf({ configurations }: RangeSources): PortRange | undefined {
  if (!configurations.seen) return undefined;
  const written = configurations.value.find(({ name }) => name === 'default')?.settings.kubeNodePortRanges ?? [];
  const ranges = written.flatMap((text) => {
    const parsed = parseRange(text.includes(':') ? text : `${text}:${text}`);
    return parsed.ok ? [parsed.range] : [];
  });
  if (ranges.length === 0) return undefined;
  return { first: Math.min(...ranges.map(({ first }) => first)), last: Math.max(...ranges.map(({ last }) => last)) };
}
