// What one pass over a node's namespace returned, before it is joined into facts. Crosses from the worker to the caller.
import type { FlowTableData } from '../core/model/flow-table.ts';
import type { NodeFacts } from '../core/model/node-facts.ts';
import type { NetnsReference } from '../kernel/netns/network-namespace.ts';

/** What to read and for how long. */
export interface ReadRequest {
  /** Namespace to read; undefined: the caller's own. */
  readonly netns: NetnsReference | undefined;
  /** Length of the window in which counters and arrivals are compared. */
  readonly windowSeconds: number;
  /** Ask the kernel for SNATed entries only: cheaper, but host and inbound flows that hold ports stay unseen. */
  readonly snatOnly: boolean;
  /** The reader stays and reads again for each number of seconds that it is sent. */
  readonly isKept?: boolean;
}

/** The facts that reading alone gives; the flows still as plain columns, which can be moved between threads. */
export interface NodeReadings extends Omit<NodeFacts, 'schema' | 'node' | 'at' | 'behaviour' | 'flows'> {
  /** Wall-clock milliseconds at the end of the window. */
  readonly atMilliseconds: number;
  readonly flows: FlowTableData;
}

/** From the worker: how far it is, then the readings or what stopped it. */
export type ReaderMessage =
  | { readonly kind: 'progress'; readonly step: string; readonly share: number }
  | { readonly kind: 'readings'; readonly readings: NodeReadings }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly hint: string | undefined };
