// What `portolan plan` is asked: where today's figures come from, the goal, what-ifs, what to do with the answer.
import type { SearchBehaviour } from '../../core/alloc/port-search.ts';
import type { Goal, WhatIfRequest } from '../../core/advice/plan.ts';
import type { PortRange } from '../../core/model/port-range.ts';
import type { ClusterChoice, ClusterReach } from '../cluster/cluster-choice.ts';
import type { Destination } from './parse-destination.ts';

/** What the cluster is like beyond what one node shows; may be given with either source. */
export interface ClusterFigures {
  readonly nodes?: number;
  readonly pods?: number;
  readonly maxNodes?: number;
  readonly surgePods?: number;
  readonly vxlan?: boolean;
  readonly remoteClosesFirst?: number;
  readonly podCidr?: string;
  readonly skipPorts?: readonly PortRange[];
  readonly workload?: { readonly namespace: string; readonly name: string; readonly kind: string };
}

/** The load as plain figures: a rate with a hold, or connections open at once. */
export interface LoadFigures {
  readonly perSecond?: number;
  readonly holdSeconds?: number;
  readonly liveSeconds?: number;
  readonly connections?: number;
  readonly range?: PortRange;
  readonly addresses?: number;
  readonly behaviour?: SearchBehaviour;
}

/** Which port space of a node, and what is known of its cluster. */
export interface SpaceChoice {
  /** Row of `portolan diagnose`, from 1; the worst when neither is given. */
  readonly space?: number;
  readonly destination?: Destination;
  readonly cluster: ClusterFigures;
}

export interface NodeSource extends SpaceChoice {
  readonly kind: 'node';
  readonly windowSeconds: number;
  readonly netns?: string;
  /** Saved text of a node instead of this one. */
  readonly files?: readonly string[];
}

export interface ClusterSource extends SpaceChoice {
  readonly kind: 'cluster';
  readonly windowSeconds: number;
  readonly choice: ClusterChoice;
  readonly reach: ClusterReach;
}

export interface FiguresSource {
  readonly kind: 'figures';
  readonly destination: Destination;
  readonly load: LoadFigures;
  readonly cluster: ClusterFigures;
}

export interface SavedSource {
  readonly kind: 'saved';
  readonly path: string;
}

export type PlanSource = NodeSource | ClusterSource | FiguresSource | SavedSource;

/** What is asked of any situation. */
export interface PlanQuestion {
  readonly goal: Goal;
  readonly whatIfs: readonly WhatIfRequest[];
}

export interface PlanRequest extends PlanQuestion {
  readonly source: PlanSource;
  /** Path to save the plan at. */
  readonly out?: string;
  readonly explain: boolean;
}
