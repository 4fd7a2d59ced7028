// What the agent knows of its node at one moment, small enough to be handed out every few seconds: what metrics are made from.
import type { CheckId, Severity } from '../core/analysis/finding.ts';
import type { PortPressure } from '../core/analysis/port-pressure.ts';
import type { LedgerCensus } from '../core/ledger/ledger-census.ts';
import type { LedgerCounts } from '../core/ledger/ledger-counts.ts';
import type { Gap } from '../core/model/gap.ts';
import type { TableUse } from '../core/model/node-facts.ts';
import type { PortRange } from '../core/model/port-range.ts';

/** How much detail the agent gives: less of it when it would cost more than it may. */
export interface Detail {
  /** 0 is all of it. */
  readonly level: number;
  /** How much rarer resyncs are. */
  readonly resyncStretch: number;
  /** Resyncs read SNATed flows only: flows of the node itself and inbound ones are as old as the last full resync. */
  readonly snatOnly: boolean;
  /** Port spaces and sources that get figures of their own. */
  readonly topSpaces: number;
  readonly topSources: number;
  /** For a person. */
  readonly text: string;
}

export interface SpaceReport {
  readonly protocol: number;
  readonly zone: number;
  readonly snatAddress: string;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** All its flows, of whatever port. */
  readonly flows: number;
  readonly range: PortRange;
  /** Ports of the range, and those in use: now. */
  readonly capacityPorts: number;
  readonly usedPorts: number;
  /** Of those in use: what was closing at the last resync and is taken over by a new SYN on this kernel, and the rest. */
  readonly livePorts: number;
  readonly evictablePorts: number;
  /** Chance that the next SYN or datagram finds no port; with closing ports as of the last resync. */
  readonly dropProbability: number;
  readonly newPerSecond: number;
  /** Most first. */
  readonly sources: readonly { readonly address: string; readonly ports: number }[];
  /** By the last diagnosis; absent where it did not look closely. */
  readonly fullInSeconds?: number;
  readonly check?: CheckId;
  readonly severity?: Severity;
}

/** Packets lost since the agent began, by what lost them. */
export interface LostPackets {
  readonly exhaustion: number;
  readonly race: number;
  readonly table: number;
}

/** The last diagnosis, without its port spaces. */
export interface DiagnosisReport {
  readonly atMilliseconds: number;
  readonly severity: Severity;
  /** The verdict's sentence. */
  readonly sentence: string;
  readonly pressure: PortPressure;
  readonly checks: readonly { readonly check: CheckId; readonly severity: Severity; readonly count: number }[];
  readonly ranges: readonly { readonly protocol: string; readonly range: PortRange; readonly isDefault: boolean }[];
  readonly claims: readonly { readonly kind: string; readonly hurts: boolean; readonly count: number }[];
}

export interface ResyncState {
  /** Finished since the agent began. */
  readonly count: number;
  readonly atMilliseconds: number;
  readonly seconds: number;
  readonly found: number;
  readonly vanished: number;
}

export interface AgentReport {
  readonly atMilliseconds: number;
  readonly uptimeSeconds: number;
  /** Nothing was lost since the last whole resync. */
  readonly isCurrent: boolean;
  readonly gaps: readonly Gap[];
  readonly flows: number;
  readonly counts: Readonly<LedgerCounts>;
  readonly newPerSecond: number;
  readonly endedPerSecond: number;
  readonly events: { readonly read: number; readonly overruns: number; readonly unreadable: number };
  readonly resync?: ResyncState;
  readonly census: LedgerCensus;
  readonly spaces: readonly SpaceReport[];
  /** Flows of port spaces that are not listed, and how many such spaces there are. */
  readonly otherSpaces: { readonly spaces: number; readonly flows: number };
  readonly lost: LostPackets;
  readonly table?: TableUse;
  readonly diagnosis?: DiagnosisReport;
  readonly detail: Detail;
  readonly cpuShare: number;
  readonly ledgerBytes: number;
  readonly clockSteps: number;
}
