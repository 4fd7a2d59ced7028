// Metrics of the fullest port spaces, and of who holds their ports. The rest is folded into one series called `other`.
import { protocolName } from '../../core/model/protocol.ts';
import { workloadName } from '../../core/model/workload.ts';
import type { SpaceReport } from '../agent-report.ts';
import type { Label, Metric, MetricInput, Sample } from './metric.ts';

const SPACE_LABELS: readonly Label[] = [
  { name: 'protocol', meaning: '`tcp`, `udp`, ...' },
  { name: 'snat_address', meaning: 'the address the connections leave with' },
  { name: 'remote', meaning: 'where they go: address and port' },
  { name: 'zone', meaning: 'conntrack zone, `0` unless one is used' },
];

const SOURCE_LABELS: readonly Label[] = [
  { name: 'source', meaning: 'address of who opened them; `other` for all that are not listed' },
  { name: 'namespace', meaning: 'of the pod with that address; empty where it is not known' },
  { name: 'pod', meaning: 'its name' },
  { name: 'workload', meaning: 'what keeps it running: `Deployment payments/checkout`' },
];

const SPACE_BOUND = '20 port spaces';

const LIVE: readonly string[] = ['live'];
const EVICTABLE: readonly string[] = ['evictable'];

export const SPACE_METRICS: readonly Metric[] = [
  {
    name: 'portolan_port_space_flows',
    type: 'gauge',
    unit: 'flows',
    help: 'Connections in a port space; all others together have `other` as remote.',
    labels: SPACE_LABELS,
    bound: '21',
    read: ({ report }) => [
      ...report.spaces.map((space) => ({ labels: spaceLabels(space), value: space.flows })),
      { labels: ['other', 'other', 'other', 'other'], value: report.otherSpaces.flows },
    ],
  },
  {
    name: 'portolan_port_space_ports',
    type: 'gauge',
    unit: 'ports',
    help: 'Ports of the range in use. Both states together are what is used now; how many are closing is known since the last resync.',
    labels: [
      ...SPACE_LABELS,
      { name: 'state', meaning: '`live`, or `evictable`: closing, and taken over by a new connection on this kernel' },
    ],
    bound: `2 x ${SPACE_BOUND}`,
    read: ({ report }) =>
      report.spaces.flatMap((space) => {
        const labels = spaceLabels(space);
        return [
          { labels, more: LIVE, value: space.livePorts },
          { labels, more: EVICTABLE, value: space.evictablePorts },
        ];
      }),
  },
  spaceMetric('portolan_port_space_capacity_ports', 'ports', 'Ports of the range.', (space) => space.capacityPorts),
  spaceMetric(
    'portolan_port_space_drop_probability',
    'probability',
    'Chance that the next connection or datagram finds no port and is lost, 0 to 1.',
    (space) => space.dropProbability,
  ),
  spaceMetric(
    'portolan_port_space_new_flows_per_second',
    '1/s',
    'New connections a second since the last resync.',
    (space) => space.newPerSecond,
  ),
  spaceMetric(
    'portolan_port_space_full_in_seconds',
    'seconds',
    'Seconds until every port is in use at the present growth; absent where a port space does not grow.',
    (space) => space.fullInSeconds,
  ),
  {
    name: 'portolan_port_space_verdict',
    type: 'gauge',
    unit: '1',
    help: 'What the last diagnosis says of a port space: 1, with the verdict as a label.',
    labels: [
      ...SPACE_LABELS,
      { name: 'check', meaning: 'the verdict: docs/checks has a page for each' },
      { name: 'severity', meaning: '`critical`, `warning`, `info`, `ok` or `unknown`' },
    ],
    bound: SPACE_BOUND,
    read: ({ report }) =>
      report.spaces.flatMap((space) =>
        space.check === undefined
          ? []
          : [{ labels: [...spaceLabels(space), space.check, space.severity ?? 'unknown'], value: 1 }],
      ),
  },
  {
    name: 'portolan_port_space_source_ports',
    type: 'gauge',
    unit: 'ports',
    help: 'Ports of a port space by who holds them: the 16 largest holders of each.',
    labels: [...SPACE_LABELS, ...SOURCE_LABELS],
    bound: `16 x ${SPACE_BOUND}`,
    read: (input) => {
      const sources = new SourceLabels(input);
      return input.report.spaces.flatMap((space) => {
        const labels = spaceLabels(space);
        return space.sources.map(({ address, ports }) => ({ labels, more: sources.of(address), value: ports }));
      });
    },
  },
  {
    name: 'portolan_source_flows',
    type: 'gauge',
    unit: 'flows',
    help: 'Translated connections of this node by who opened them, over all port spaces.',
    labels: SOURCE_LABELS,
    bound: '51',
    read: (input): readonly Sample[] => [
      ...input.report.census.sources.map(({ address, flows }) => ({
        labels: sourceLabels(address, input),
        value: flows,
      })),
      { labels: ['other', '', '', ''], value: input.report.census.otherSources.flows },
    ],
  },
];

function spaceMetric(
  name: string,
  unit: string,
  help: string,
  valueOf: (space: SpaceReport) => number | undefined,
): Metric {
  return {
    name,
    type: 'gauge',
    unit,
    help,
    labels: SPACE_LABELS,
    bound: SPACE_BOUND,
    read: ({ report }) =>
      report.spaces.flatMap((space) => {
        const value = valueOf(space);
        return value === undefined ? [] : [{ labels: spaceLabels(space), value }];
      }),
  };
}

function spaceLabels({ protocol, snatAddress, remoteAddress, remotePort, zone }: SpaceReport): readonly string[] {
  const host = remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress;
  return [protocolName(protocol), snatAddress, remotePort === 0 ? host : `${host}:${remotePort}`, String(zone)];
}

function sourceLabels(address: string, { podOf }: MetricInput): readonly string[] {
  const pod = podOf?.(address);
  if (pod === undefined) return [address, '', '', ''];
  return [address, pod.namespace, pod.name, `${pod.workload.kind} ${workloadName(pod.workload)}`];
}

/** The same source holds ports of many port spaces: asked for once. */
class SourceLabels {
  readonly #input: MetricInput;
  readonly #known = new Map<string, readonly string[]>();

  constructor(input: MetricInput) {
    this.#input = input;
  }

  of(address: string): readonly string[] {
    const labels = this.#known.get(address) ?? sourceLabels(address, this.#input);
    this.#known.set(address, labels);
    return labels;
  }
}
