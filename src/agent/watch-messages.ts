// What the agent's main thread and the thread that watches the node say to each other; plain data, columns are moved.
import type { KernelBehaviour } from '../core/model/kernel-behaviour.ts';
import type { NetnsReference } from '../kernel/netns/network-namespace.ts';
import type { NodeReadings } from '../observe/node-readings.ts';
import type { AgentReport } from '../protocol/agent-report.ts';
import type { HeldPort } from '../core/ledger/flow-history.ts';

/** workerData. */
export interface WatchStart extends WatchOptions {
  readonly netns: NetnsReference | undefined;
}

export interface WatchOptions {
  readonly behaviour: KernelBehaviour;
  /** CPU share of the whole process above which detail is given up; 0.05 is a twentieth of one CPU. */
  readonly mostCpuShare: number;
  /** SO_RCVBUFFORCE of the event socket. */
  readonly queueBytes?: number;
  readonly flowLimit?: number;
  readonly historyLimit?: number;
}

/** To the watching thread. */
export type WatchRequest =
  | {
      readonly kind: 'facts';
      readonly id: number /** Watch so long first; undefined: since the last look. */;
      readonly windowSeconds?: number;
    }
  | { readonly kind: 'who'; readonly id: number; readonly port: number; readonly atMilliseconds: number }
  | { readonly kind: 'report'; readonly id: number }
  | { readonly kind: 'stop' };

/** Who held a port; wall-clock milliseconds. */
export interface WhoAnswer {
  readonly port: number;
  readonly atMilliseconds: number;
  readonly holders: readonly (Omit<HeldPort, 'fromSeconds' | 'toSeconds'> & {
    readonly fromMilliseconds: number;
    readonly toMilliseconds?: number;
  })[];
  /** Present when flows that ended up to then may be forgotten, so that the answer may lack some. */
  readonly forgottenUntilMilliseconds?: number;
}

/** From the watching thread. */
export type WatchMessage =
  | { readonly kind: 'report'; readonly report: AgentReport; readonly id?: number }
  | { readonly kind: 'facts'; readonly id: number; readonly readings: NodeReadings }
  | { readonly kind: 'who'; readonly id: number; readonly answer: WhoAnswer }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly hint: string | undefined };
