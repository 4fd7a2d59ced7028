// What commands ask of a cluster and its nodes.
import type { Goal } from '../../core/advice/plan.ts';
import type { MoveKind } from '../../core/advice/preflight.ts';
import type { PortRange } from '../../core/model/port-range.ts';
import type { CheckSelection } from '../../present/diagnosis-selection.ts';
import type { PlanQuestion, SpaceChoice } from '../plan/plan-request.ts';
import type { ClusterChoice, ClusterReach } from './cluster-choice.ts';
import type { Watched } from '../watched.ts';

/** What the program gives to whoever talks to a cluster. */
export interface ClusterWorld {
  /** Environment variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly random: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** ISO 8601. */
  readonly wallClock: () => string;
}

export interface ClusterOptions extends Watched {
  readonly choice: ClusterChoice;
  readonly reach: ClusterReach;
  readonly world: ClusterWorld;
  readonly windowSeconds: number;
  readonly snatOnly: boolean;
}

export interface ClusterDiagnoseOptions extends ClusterOptions {
  /** Pods that the answer is limited to. */
  readonly namespace?: string;
  readonly selector?: string;
  readonly checks: CheckSelection;
}

export interface ClusterPlanOptions extends ClusterOptions, PlanQuestion {
  readonly space: SpaceChoice;
}

/** A node by its name, or by an address of its. */
export type WantedNode = { readonly node: string } | { readonly address: string };

export interface ClusterPreflightOptions extends ClusterOptions {
  /** The range to come, and how it comes. */
  readonly to: PortRange;
  readonly kind: MoveKind;
  readonly goal: Goal;
}
