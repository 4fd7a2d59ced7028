// What one pass over a node's namespace returned, before it is joined into facts. Crosses from the worker to the caller.
import type { FlowArrivals } from '../core/model/churn.ts';
import type { CounterDelta } from '../core/model/counters.ts';
import type { FlowTableData } from '../core/model/flow-table.ts';
import type { Gap } from '../core/model/gap.ts';
import type { NatRules } from '../core/model/nat-rule.ts';
import type { NodeSettings, TableUse } from '../core/model/node-facts.ts';
import type { PortClaim } from '../core/model/port-claim.ts';
import type { NetnsReference } from '../kernel/netns/network-namespace.ts';

/** What to read and for how long. */
export interface ReadRequest {
  /** Namespace to read; undefined: the caller's own. */
  readonly netns: NetnsReference | undefined;
  /** Length of the window in which counters and arrivals are compared. */
  readonly windowSeconds: number;
  /** Ask the kernel for SNATed entries only: cheaper, but host and inbound flows that hold ports stay unseen. */
  readonly snatOnly: boolean;
}

export interface NodeReadings {
  /** Wall-clock milliseconds at the end of the window. */
  readonly atMilliseconds: number;
  readonly addresses: readonly string[];
  readonly flows: FlowTableData;
  readonly flowsSource: 'ctnetlink' | 'proc' | undefined;
  readonly natRules: NatRules;
  readonly claims: readonly PortClaim[];
  readonly counters: CounterDelta | undefined;
  readonly arrivals: FlowArrivals | undefined;
  readonly table: TableUse | undefined;
  readonly settings: NodeSettings;
  readonly gaps: readonly Gap[];
}

/** From the worker: how far it is, then the readings or what stopped it. */
export type ReaderMessage =
  | { readonly kind: 'progress'; readonly step: string; readonly share: number }
  | { readonly kind: 'readings'; readonly readings: NodeReadings }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly hint: string | undefined };
