// Keeps the node whose port space is the worst while many are read, and what each of them carries.
import { type NodeLoad, nodeLoad } from '../../core/advice/cluster-load.ts';
import { diagnose } from '../../core/analysis/diagnose.ts';
import type { Diagnosis, PortSpaceVerdict } from '../../core/analysis/diagnosis.ts';
import { gravity } from '../../core/analysis/severity.ts';
import { shareOf } from '../../core/analysis/verdict.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import { findSpace } from './choose-space.ts';
import type { SpaceChoice } from './plan-request.ts';

/** The worst of each node when neither is given. */
type WantedSpace = Pick<SpaceChoice, 'space' | 'destination'>;

/** A node that the plan may be made for: the only one whose flows are kept. */
export interface Hottest {
  readonly facts: NodeFacts;
  readonly diagnosis: Diagnosis;
  readonly row: PortSpaceVerdict | undefined;
}

export class HottestNode {
  readonly #space: WantedSpace;
  hottest: Hottest | undefined;

  constructor(space: WantedSpace) {
    this.#space = space;
  }

  visit(facts: NodeFacts): NodeLoad {
    const diagnosis = diagnose(facts);
    const found = { facts, diagnosis, row: findSpace(diagnosis, this.#space) };
    if (this.hottest === undefined || isHotter(found, this.hottest)) this.hottest = found;
    return nodeLoad(diagnosis);
  }
}

function isHotter({ row: left }: Hottest, { row: right }: Hottest): boolean {
  if (left === undefined || right === undefined) return left !== undefined;
  const order =
    gravity(left.severity) - gravity(right.severity) ||
    right.dropProbabilityWithoutEviction - left.dropProbabilityWithoutEviction ||
    shareOf(right) - shareOf(left);
  return order < 0;
}
