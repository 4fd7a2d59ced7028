// What came out of a simulated cluster: totals per destination and node, and how things went over time.
import type { SimScenario } from './sim-scenario.ts';

export const SIM_REPORT_SCHEMA = 'portolan.dev/simulation/v1';

/** Connects (TCP) or flows (UDP) to one destination. */
export interface SimDestinationTotals {
  readonly destination: string;
  readonly attempts: number;
  /** Connected with the first SYN, or sent. */
  readonly atOnce: number;
  /** Connected after so many whole seconds: index 1 is 1 s to under 2 s. Index 0 is always 0. */
  readonly lateBySecond: readonly number[];
  /** Not connected within connectTimeoutSeconds, or datagrams lost. */
  readonly failed: number;
  /** Packets dropped because no port was found: each SYN counts. */
  readonly drops: number;
  /** Packets dropped because the conntrack table was full. */
  readonly tableFullDrops: number;
  /** Connects slowed by a port that the server still held in TIME_WAIT. */
  readonly recycledTooEarly: number;
  /** Closing entries taken over by a new SYN. */
  readonly evictions: number;
}

export interface SimNodeTotals {
  readonly node: string;
  readonly address: string;
  /** The destination whose port space was fullest, and how full at its peak. */
  readonly hottest: string;
  readonly peakPorts: number;
  readonly capacityPorts: number;
  readonly peakAtSeconds: number;
  readonly drops: number;
  readonly peakFlows: number;
}

/** One line over time; all arrays have one value per sample, at the end of the sample. */
export interface SimSeries {
  readonly node: string;
  readonly destination: string;
  readonly usedPorts: readonly number[];
  readonly livePorts: readonly number[];
  /** Packets dropped in the sample. */
  readonly drops: readonly number[];
  /** Flows that got a port in the sample. */
  readonly opened: readonly number[];
  /** Chance that the next flow would be lost, from the port map. */
  readonly dropProbability: readonly number[];
}

export interface SimReport {
  readonly schema: typeof SIM_REPORT_SCHEMA;
  readonly scenario: SimScenario;
  readonly destinations: readonly SimDestinationTotals[];
  readonly nodes: readonly SimNodeTotals[];
  /** End of each sample, virtual seconds. */
  readonly seconds: readonly number[];
  /** Per node and destination, hottest first; at most 24, the rest is only in the totals. */
  readonly series: readonly SimSeries[];
  /** Allocations done: for the figure per second of real time. */
  readonly searches: number;
}
