// What one node has towards one destination, over all its SNAT addresses: the counts behind a report's lines and peaks.
import type { PortSet } from '../core/model/port-set.ts';

/** The maps of one port space. */
export interface PortMaps {
  readonly occupied: PortSet;
  /** Occupied by an entry that a new SYN may take over. */
  readonly evictable: PortSet;
}

export class SpaceGroup {
  readonly node: number;
  readonly destination: number;
  readonly spaces: PortMaps[] = [];
  /** Ports of the range in force that are occupied. */
  used = 0;
  /** Of them evictable. */
  evictable = 0;
  /** Flows that got a port, so far. */
  opened = 0;
  /** Packets dropped for want of a port, so far. */
  drops = 0;
  peakPorts = 0;
  peakTick = 0;
  /** Ports there were at the peak. */
  capacityAtPeak = 1;

  constructor(node: number, destination: number) {
    this.node = node;
    this.destination = destination;
  }
}
