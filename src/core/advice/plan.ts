// The answer to "what do I do, and what does it buy?": remedies for one situation, compared and ranked. Data: saved, shown, applied later.
import type { ClaimInRange } from '../analysis/diagnosis.ts';
import type { SearchBehaviour } from '../alloc/port-search.ts';
import type { PortRange } from '../model/port-range.ts';
import type { Gap } from '../model/gap.ts';
import type { PlanCluster } from './plan-cluster.ts';
import type { Situation } from './situation.ts';

export const PLAN_SCHEMA = 'portolan.dev/plan/v1';

export const REMEDY_KINDS = [
  'spread',
  'widen',
  'split-range',
  'more-addresses',
  'hold-time',
  'reuse-connections',
  'do-nothing',
] as const;

export type RemedyKind = (typeof REMEDY_KINDS)[number];

/** What is to hold after the remedy. */
export interface Goal {
  /** The next connection to the hottest destination is lost with at most this chance, 0 < target < 1. */
  readonly targetDrop: number;
  /** At so many times today's load. */
  readonly loadFactor: number;
}

/** A billion flows, or times today's load, stand for no limit: JSON knows no infinity. */
export const MOST_FACTOR = 1e9;

/** What one set of ports, nodes and holds bears. */
export interface Effect {
  /** Flows one node's hottest port space holds at once at the goal's chance; MOST_FACTOR where any load is borne. */
  readonly capacityFlows: number;
  /** The same as new flows a second over all nodes that carry the load; undefined where the hold time is not known. */
  readonly capacityPerSecond?: number;
  /** Chance that the next SYN or datagram is lost, at today's load and at the goal's; lost SYNs come again. */
  readonly dropToday: number;
  readonly dropAtGoal: number;
  /** Load over today's load that still meets the goal's chance; at most MOST_FACTOR. */
  readonly bearsFactor: number;
}

/** What would be changed, for the program that applies it. */
export type Change =
  | { readonly kind: 'nat-port-range'; readonly from: PortRange | undefined; readonly to: PortRange }
  | {
      readonly kind: 'spread';
      /** Nodes that carry the load afterwards. */
      readonly nodes: number;
      /** Pods on the fullest of them, without surge; 1 where the number of pods is not known. */
      readonly podsPerNode: number;
      /** Replicas the workload needs; absent when not known. */
      readonly replicas?: number;
      /** Strategic merge patch of the workload; its labelSelector is absent while the labels are not known. */
      readonly patch: object;
    }
  | { readonly kind: 'split-range'; readonly parts: readonly PortRange[]; readonly ruleset: string }
  | { readonly kind: 'more-addresses'; readonly addresses: number; readonly ruleset?: string }
  | { readonly kind: 'hold-time'; readonly timeWaitSeconds: number; readonly ruleset: string }
  | {
      readonly kind: 'reuse-connections';
      /** New connections a second that may remain, over all nodes; absent where no rate is known. */
      readonly perSecond?: number;
      /** Connections that the hottest node may hold at once, closing ones included. */
      readonly heldAtOnce: number;
      /** Requests that must share a connection that now carries one. */
      readonly requestsPerConnection: number;
    }
  | { readonly kind: 'none' };

/** Whose port lies inside the range after the change, and what that means here. */
export interface OpenedConflict extends ClaimInRange {
  /** Chance that one new flow of the claim's protocol gets such a port, 0..1, while few are taken; 0 when harmless. */
  readonly chance: number;
}

export type Standing = 'best' | 'reaches-goal' | 'helps' | 'not-worth-it' | 'not-possible';

export interface Remedy {
  /** Unique in the plan, kebab case: `spread`, `widen-4790`. */
  readonly id: string;
  readonly kind: RemedyKind;
  readonly standing: Standing;
  /** 1 is best; absent for those not worth it or not possible. */
  readonly rank?: number;
  /** `natPortRange 4790:65535`. */
  readonly title: string;
  readonly change: Change;
  readonly effect: Effect;
  /** What may go wrong, a sentence each, worst first. */
  readonly risks: readonly string[];
  readonly conflicts: readonly OpenedConflict[];
  /** What must hold before, a sentence each. */
  readonly preconditions: readonly string[];
  /** Why it stands where it stands, a sentence each. */
  readonly reasons: readonly string[];
  /** Exact, ready for a shell; absent where a person must change a program. */
  readonly command?: string;
  readonly undo?: string;
}

/** What a person wants compared with today; whatever is absent stays as it is. */
export interface WhatIfRequest {
  /** As typed: `natPortRange=20000:65535`. */
  readonly title: string;
  readonly natPortRange?: PortRange;
  readonly nodes?: number;
  readonly pods?: number;
  /** New flows per second, and seconds each holds its port. */
  readonly perSecond?: number;
  readonly holdSeconds?: number;
  /** Seconds of it before TIME_WAIT or CLOSE; without holdSeconds the closing time stays as it is. */
  readonly liveSeconds?: number;
  /** SNAT addresses per node, one of them drawn at random for each flow. */
  readonly addresses?: number;
  readonly behaviour?: SearchBehaviour;
}

/** The situation with something changed, beside today. */
export interface WhatIf {
  /** As typed: `natPortRange=20000:65535`. */
  readonly title: string;
  readonly effect: Effect;
  readonly notes: readonly string[];
}

export interface Plan {
  readonly schema: typeof PLAN_SCHEMA;
  /** ISO 8601. */
  readonly at: string;
  readonly goal: Goal;
  readonly situation: Situation;
  readonly today: Effect;
  /** Ranked ones first, best first; then those not worth it, then those not possible. */
  readonly remedies: readonly Remedy[];
  readonly whatIfs: readonly WhatIf[];
  /** The last line: what to do and why, or what is the nearest that is possible. */
  readonly conclusion: string;
  readonly goalReached: boolean;
  readonly gaps: readonly Gap[];
  /** Absent where the plan was made without one. */
  readonly cluster?: PlanCluster;
  /** The next command worth typing. */
  readonly next: string;
}
