// The commands of a plan that was made for a cluster: `portolan apply` does it step by step, verified and undoable; what was there
// before stands beside it for those who change clusters by other programs.
import type { Plan, Remedy } from '../../core/advice/plan.ts';
import type { ClusterChoice } from '../cluster/cluster-choice.ts';
import { inSameCluster } from '../cluster/cluster-command-text.ts';
import { quotedWord } from './quoted-word.ts';

export interface ApplyPlace {
  /** Path of the file that holds the plan. */
  readonly savedAs: string | undefined;
  /** A command without its flags would change another cluster. */
  readonly choice: ClusterChoice;
}

/** To be shown, not saved: the file may be moved, and its commands are those that need no file. */
export function withApplyCommands(plan: Plan, place: ApplyPlace): Plan {
  if (plan.cluster === undefined) return plan;
  return { ...plan, remedies: plan.remedies.map((remedy) => withApply(remedy, plan, place)) };
}

function withApply(remedy: Remedy, plan: Plan, place: ApplyPlace): Remedy {
  const command = applyCommand(remedy, plan, place);
  if (command === undefined || remedy.command === undefined) return remedy;
  const { undo } = remedy;
  const byHand = { command: remedy.command, ...(undo === undefined ? {} : { undo }) };
  return { ...remedy, command, undo: inSameCluster('portolan undo', place.choice), byHand };
}

/** Undefined for what `apply` does not do, and for a spread that no file holds. */
export function applyCommand(
  { rank, change }: Remedy,
  { situation: { workload } }: Plan,
  { savedAs, choice }: ApplyPlace,
): string | undefined {
  if (rank === undefined) return undefined;
  const isSpread = change.kind === 'spread' && (workload?.kind === 'deployment' || workload?.kind === 'statefulset');
  if (savedAs !== undefined && (isSpread || change.kind === 'nat-port-range'))
    return inSameCluster(`portolan apply ${quotedWord(`${savedAs}#${rank}`)}`, choice);
  if (change.kind !== 'nat-port-range') return undefined;
  return inSameCluster(`portolan apply --nat-port-range ${change.to.first}:${change.to.last}`, choice);
}
