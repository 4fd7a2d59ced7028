// How many ports one destination may use on a node, and how events of a scenario change that.
import { rangeSize, type PortRange, UNRESTRICTED_RANGE } from '../../core/model/port-range.ts';
import type { SimScenario } from '../../sim/sim-scenario.ts';

export interface CapacityStep {
  readonly fromSeconds: number;
  /** Ports of all parts of the range on all SNAT addresses. */
  readonly ports: number;
}

/** The capacity from each moment on at which it changes, the first at 0. */
export function capacitySteps({ nodes, events }: SimScenario): readonly CapacityStep[] {
  const ports = (ranges: readonly PortRange[]): number =>
    ranges.reduce((sum, range) => sum + rangeSize(range), 0) * nodes.snatAddresses;
  const changes = events.flatMap((event) =>
    event.kind === 'nat-port-range' ? [{ fromSeconds: event.atSeconds, ports: ports(event.ranges) }] : [],
  );
  return [{ fromSeconds: 0, ports: ports(nodes.ranges ?? [UNRESTRICTED_RANGE]) }, ...changes];
}

export function largestCapacity(scenario: SimScenario): number {
  return Math.max(...capacitySteps(scenario).map(({ ports }) => ports));
}
