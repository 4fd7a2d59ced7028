// Turns what a simulation kept into its report.
import type { Cluster } from './cluster.ts';
import type { DestinationTotals } from './destination-totals.ts';
import type { SeriesRecorder } from './series-recorder.ts';
import { nodeName, snatAddress } from './sim-names.ts';
import { SIM_REPORT_SCHEMA, type SimNodeTotals, type SimReport, type SimSeries } from './sim-report.ts';
import type { SimScenario } from './sim-scenario.ts';
import type { SpaceGroup } from './space-group.ts';
import type { TickClock } from './tick-clock.ts';

/** More lines than this nobody reads. */
const MOST_SERIES = 24;

export interface ReportParts {
  readonly recorder: SeriesRecorder;
  readonly cluster: Cluster;
  readonly clock: TickClock;
  readonly totals: readonly DestinationTotals[];
  readonly searches: number;
}

/** What came out so far. */
export function reportOf(scenario: SimScenario, parts: ReportParts): SimReport {
  const { recorder, cluster, totals, searches } = parts;
  const hottest = cluster.groups.toSorted(
    (left, right) => shareAtPeak(right) - shareAtPeak(left) || right.drops - left.drops,
  );
  return {
    schema: SIM_REPORT_SCHEMA,
    scenario,
    destinations: scenario.destinations.map(({ name }, index) => (totals[index] ?? missing(name)).snapshot(name)),
    nodes: cluster.nodes.map((_, node) => nodeTotals(node, { scenario, parts, hottest })),
    seconds: [...recorder.seconds],
    series: hottest.slice(0, MOST_SERIES).map((group) => seriesOf(group, { scenario, recorder })),
    searches,
  };
}

function missing(name: string): never {
  throw new RangeError(`Cannot report on ${name}: it has no totals`);
}

function nodeTotals(
  node: number,
  of: { readonly scenario: SimScenario; readonly parts: ReportParts; readonly hottest: readonly SpaceGroup[] },
): SimNodeTotals {
  const { scenario, parts } = of;
  const groups = of.hottest.filter((group) => group.node === node);
  const [hottest] = groups;
  const counts = parts.cluster.nodes[node];
  return {
    node: nodeName(node),
    address: snatAddress(node, { index: 0, perNode: parts.cluster.addressesPerNode }),
    hottest: scenario.destinations[hottest?.destination ?? 0]?.name ?? '',
    peakPorts: hottest?.peakPorts ?? 0,
    capacityPorts: hottest?.capacityAtPeak ?? 0,
    peakAtSeconds: parts.clock.seconds(hottest?.peakTick ?? 0),
    drops: groups.reduce((sum, { drops }) => sum + drops, 0),
    peakFlows: counts?.peakFlows ?? 0,
  };
}

function shareAtPeak({ peakPorts, capacityAtPeak }: SpaceGroup): number {
  return peakPorts / capacityAtPeak;
}

function seriesOf(
  group: SpaceGroup,
  of: { readonly scenario: SimScenario; readonly recorder: SeriesRecorder },
): SimSeries {
  const { usedPorts, livePorts, drops, opened, dropProbability } = of.recorder.samplesOf(group);
  return {
    node: nodeName(group.node),
    destination: of.scenario.destinations[group.destination]?.name ?? '',
    usedPorts: [...usedPorts],
    livePorts: [...livePorts],
    drops: [...drops],
    opened: [...opened],
    dropProbability: [...dropProbability],
  };
}
