// Finds what arrived in one port space: events name port spaces by address, the flow table by row.
import type { FlowArrivals, NewFlows } from '../model/churn.ts';
import type { PortSpace } from '../model/port-space.ts';

type SpaceKey = Pick<PortSpace, 'zone' | 'protocol' | 'snatAddress' | 'remoteAddress' | 'remotePort'>;

/** The arrivals of one window, by port space. */
export class ArrivalIndex {
  readonly seconds: number;
  private readonly byKey: ReadonlyMap<string, NewFlows>;

  constructor(arrivals: FlowArrivals) {
    this.seconds = Math.max(arrivals.seconds, 0.001);
    this.byKey = new Map(arrivals.portSpaces.map((space) => [keyOf(space), space]));
  }

  /** New flows of one port space; undefined when none was seen in it. */
  of(space: SpaceKey): NewFlows | undefined {
    return this.byKey.get(keyOf(space));
  }

  /** New flows per second of one port space. */
  perSecond(space: SpaceKey): number {
    return (this.of(space)?.count ?? 0) / this.seconds;
  }
}

function keyOf({ zone, protocol, snatAddress, remoteAddress, remotePort }: SpaceKey): string {
  return `${zone} ${protocol} ${snatAddress} ${remoteAddress} ${remotePort}`;
}
