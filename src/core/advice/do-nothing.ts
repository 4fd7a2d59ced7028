// Remedy: none. What happens if everything stays as it is, in losses, late connections and failures.
import { formatNumber, formatRate } from '../model/number-text.ts';
import { RAREST_ESTIMATE, estimatedChance } from '../model/estimated-chance.ts';
import { oneInN } from '../model/one-in-n.ts';
import { TCP } from '../model/protocol.ts';
import { reachesGoal } from './effect.ts';
import { flowNoun, formatFactor } from './load-text.ts';
import { MOST_FACTOR } from './plan.ts';
import type { Question, RemedyDraft } from './remedy-draft.ts';
import { attemptsOf, attemptsPerFlow } from './syn-attempts.ts';
import { earlyReuse, formatBearing } from './take-over.ts';

export function doNothing(question: Question): RemedyDraft {
  const { today, goal } = question;
  return {
    id: 'do-nothing',
    kind: 'do-nothing',
    standing: reachesGoal(today, goal) ? 'reaches-goal' : 'not-worth-it',
    title: 'do nothing',
    change: { kind: 'none' },
    effect: today,
    risks: [
      ...(reachesGoal(today, goal) ? [] : ['Connections stay late or fail, and nothing in the pods says why.']),
      ...earlyReuse(question.situation, goal.loadFactor),
    ],
    conflicts: [],
    preconditions: [],
    reasons: [
      bears(question),
      ...forecast(question, 1, today.dropToday),
      ...(goal.loadFactor === 1 ? [] : forecast(question, goal.loadFactor, today.dropAtGoal)),
    ],
  };
}

function bears({ situation, today, goal }: Question): string {
  const factor = today.bearsFactor >= MOST_FACTOR ? 'any' : `${formatFactor(today.bearsFactor)} times today's`;
  return `A node bears ${formatBearing(situation, today.capacityFlows)} to this destination, ${factor} load, and loses at most ${oneInN(goal.targetDrop)}.`;
}

/** What the chance means at a rate: lost a second, late a minute, failed for a client that waits 5 s. */
function forecast({ situation }: Question, factor: number, drop: number): readonly string[] {
  const { load, placement, ports } = situation;
  const when = factor === 1 ? 'Today' : `At ${formatNumber(factor)} times today's load`;
  const noun = flowNoun(load);
  const chance = `${when} the next ${noun} on the fullest node is lost: ${estimatedChance(drop)}.`;
  if (load.perSecond === undefined) return [chance];
  const asked = load.perSecond * placement.hottestShare * factor;
  const lost = asked * drop * attemptsPerFlow(drop, attemptsOf(situation));
  if (drop < RAREST_ESTIMATE) return [chance];
  if (load.protocol !== TCP)
    return [chance, `${when} that is ${formatRate(lost)} lost there; nothing sends them again.`];
  const attempts = attemptsIn5Seconds(ports.behaviour.evictsClosing === 'yes');
  return [
    chance,
    `${when} that is ${formatRate(lost)} of SYNs lost there: ${formatNumber(asked * drop * 60)} connections a minute come 1 s late or more, and a client that gives up after 5 s fails: ${estimatedChance(drop ** attempts)}.`,
  ];
}

/**
 * SYNs that fit into 5 s, each with a port search of its own: at 0, 1, 3 s, or at 0, 1, 2, 3, 4 s where
 * tcp_syn_linear_timeouts exists (Linux 6.5, as does the take-over of closing entries).
 */
function attemptsIn5Seconds(isNew: boolean): number {
  return isNew ? 5 : 3;
}
