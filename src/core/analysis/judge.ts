// Runs every check and puts the answers in order, worst first.
import type { NodeCheck, NodeContext, SpaceCheck, SpaceContext } from './check-context.ts';
import { checkCannotTell, checkNodeCannotTell, checkNodeUnasked } from './checks/cannot-tell.ts';
import { checkChurn } from './checks/churn.ts';
import { checkConflict } from './checks/conflict.ts';
import { checkExhausted } from './checks/exhausted.ts';
import { checkFine, checkNodeFine } from './checks/fine.ts';
import { checkLeak } from './checks/leak.ts';
import { checkNearing } from './checks/nearing.ts';
import { checkPodEphemeralPorts } from './checks/pod-ephemeral-ports.ts';
import { checkRace } from './checks/race.ts';
import { checkRangeProtocol } from './checks/range-protocol.ts';
import { checkRecycledTooEarly } from './checks/recycled-too-early.ts';
import { checkRuleOrder } from './checks/rule-order.ts';
import { checkTableFull } from './checks/table-full.ts';
import type { Finding } from './finding.ts';
import { bySeverity, gravity } from './severity.ts';

const SPACE_CHECKS: readonly SpaceCheck[] = [
  checkLeak,
  checkChurn,
  checkExhausted,
  checkPodEphemeralPorts,
  checkRecycledTooEarly,
  checkNearing,
];

const NODE_CHECKS: readonly NodeCheck[] = [
  checkTableFull,
  checkRace,
  checkConflict,
  checkRuleOrder,
  checkRangeProtocol,
  checkNodeCannotTell,
];

/** The verdict of one port space first, then what else was found there; never empty. */
export function judgeSpace(context: SpaceContext): readonly Finding[] {
  const found = withoutEcho(SPACE_CHECKS.flatMap((check) => check(context) ?? []));
  const rest = found.some(isTrouble) ? [] : [checkCannotTell(context) ?? checkFine(context)];
  return [...found, ...rest].toSorted(bySeverity);
}

/** A leak that is already named says why the space fills: `nearing` would only repeat it. */
function withoutEcho(findings: readonly Finding[]): readonly Finding[] {
  const leaks = findings.some((finding) => finding.check === 'leak' && isTrouble(finding));
  return leaks ? findings.filter(({ check }) => check !== 'nearing') : findings;
}

/** What holds for the node, worst first; `fine` only when nothing is wrong or unknown anywhere on it. */
export function judgeNode(context: NodeContext, spaceFindings: readonly Finding[]): readonly Finding[] {
  const found = NODE_CHECKS.flatMap((check) => check(context));
  const isFine = ![...found, ...spaceFindings].some(({ severity }) => gravity(severity) <= gravity('unknown'));
  return (isFine ? [...found, checkNodeUnasked(context) ?? checkNodeFine(context)] : found).toSorted(bySeverity);
}

function isTrouble({ severity }: Finding): boolean {
  return severity === 'critical' || severity === 'warning';
}
