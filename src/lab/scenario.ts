// A scenario: a story, a lab that plays it on a real kernel, and the verdicts that a diagnosis of the node must reach.
import type { CheckId, Severity } from '../core/analysis/finding.ts';
import type { NodeFacts } from '../core/model/node-facts.ts';
import type { LabOptions } from './lab.ts';
import type { Stage } from './stage.ts';

export interface Expectation {
  readonly check: CheckId;
  readonly severity: Severity;
  readonly subject: 'node' | ExpectedSpace;
}

export interface ExpectedSpace {
  readonly protocol: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

export interface Scenario {
  /** Kebab case; what `portolan lab run` takes. */
  readonly name: string;
  /** What happens and why it matters, in a sentence or two. */
  readonly story: string;
  readonly lab: LabOptions;
  /** CPUs without which the story cannot happen; one when absent. */
  readonly cpus?: number;
  /** Brings the node into the state to be diagnosed. */
  readonly setup: (stage: Stage) => Promise<void>;
  /** Starts traffic that goes on while the node is observed; Stage.background keeps track of it. */
  readonly drive?: (stage: Stage) => void;
  /** All of these must be found; any other finding of severity warning or critical is wrong. */
  readonly expect: readonly Expectation[];
  /** Replaces `expect` on a kernel that does not take closing entries over. */
  readonly expectWithoutEviction?: readonly Expectation[];
  /** Replaces part of what was observed by a recorded reading, where a namespace cannot have its own. */
  readonly record?: (facts: NodeFacts) => NodeFacts;
}
