// How far a change is, in words.
import type { ChangeJournal, ChangeStep } from '../../core/advice/change/change.ts';
import { formatCount, formatInteger } from '../number-text.ts';

const NAMES_SHOWN = 3;

/** `write FelixConfiguration node.worker-3`. */
export function stepText(step: ChangeStep): string {
  switch (step.do) {
    case 'write':
      return `write ${namesText(step.objects, 'object')}`;
    case 'take-back':
      return `take back ${namesText(step.objects, 'object')}`;
    case 'verify':
      return `verify ${namesText(step.nodes, 'node')}`;
    case 'watch-rollout':
      return `wait for the rollout of ${namesText(step.objects, 'object')}`;
  }
}

export function namesText(names: readonly string[], noun: string): string {
  if (names.length <= NAMES_SHOWN) return names.join(', ');
  return `${names.slice(0, NAMES_SHOWN).join(', ')} and ${formatCount(names.length - NAMES_SHOWN, `more ${noun}`)}`;
}

export interface CourseWords {
  /** The first holds the canary; empty where there is no way in steps. */
  readonly batches: readonly (readonly string[])[];
  readonly nodes: readonly string[];
  /** Name of the object that is written last. */
  readonly object: string;
  /** True: each node keeps an object of its own. */
  readonly isPerNode: boolean;
}

/** `Canary: node.worker-3, then batches of 10, then default.` */
export function batchText({ batches, nodes, object, isPerNode }: CourseWords): string {
  const [canary, next] = batches;
  if (canary?.[0] === undefined) return `Straight to ${object}, ${formatCount(nodes.length, 'node')}.`;
  const rest = nodes.length - batches.flat().length;
  const inBatches = next === undefined ? '' : `, then ${sizeText(next.length, batches.length - 1)}`;
  const last = isPerNode ? '' : `, then ${object}${rest > 0 ? ` for ${formatCount(rest, 'more node')}` : ''}`;
  return `Canary: node.${canary[0]}${inBatches}${last}.`;
}

function sizeText(size: number, count: number): string {
  return count === 1
    ? `${formatCount(size, 'node')} at once`
    : `${formatInteger(count)} batches of ${formatInteger(size)}`;
}

/** What was done and what was not, a line each. */
export function progressLines({ steps }: ChangeJournal): readonly string[] {
  const done = steps.filter(({ state }) => state === 'done');
  const begun = steps.filter(({ state }) => state === 'intended');
  const open = steps.filter(({ state }) => state === 'open');
  return [
    `done: ${done.length === 0 ? 'nothing' : done.map(stepText).join('; ')}`,
    ...begun.map((step) => `begun, may have happened: ${stepText(step)}`),
    ...(open.length === 0 ? [] : [`not done: ${open.map(stepText).join('; ')}`]),
  ];
}
