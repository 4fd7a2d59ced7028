// The last line of a plan: what to do and why, or what is the nearest that is possible.
import { formatCount, formatInteger, formatNumber } from '../model/number-text.ts';
import { estimatedChance } from '../model/estimated-chance.ts';
import { bearsAnyLoad, hottestFlows } from './effect.ts';
import { flowNoun, formatFactor } from './load-text.ts';
import type { Remedy, RemedyKind } from './plan.ts';
import type { Question } from './remedy-draft.ts';
import { earlyReuse, formatBearing } from './take-over.ts';

/** In the order of rankRemedies. */
export function concludePlan(
  remedies: readonly Remedy[],
  question: Question & { readonly goalReached: boolean },
): string {
  const [best] = remedies;
  if (best === undefined || best.rank === undefined) return nothingHelps(remedies, question);
  if (!question.goalReached) return nearest(best, remedies, question);
  if (best.kind === 'do-nothing') return goalMet(question);
  return `Best: ${best.title}. ${WHY[best.kind]}${others(best, remedies)}`;
}

const WHY: Readonly<Record<RemedyKind, string>> = {
  'do-nothing': '',
  spread:
    "It is also what IBM's page prefers: every node brings its own ports, and no port of anybody else comes into play.",
  widen: 'One setting, and it can be taken back.',
  'split-range': 'It takes no port that a Service or a hostPort has.',
  'hold-time': 'Closed connections give their ports back sooner, to this destination only.',
  'more-addresses': 'Every address has all ports of the range again.',
  'reuse-connections': 'It ends the cause, in the application.',
};

/** What the reader of the page would ask next: the other remedy of the page. */
function others(best: Remedy, remedies: readonly Remedy[]): string {
  const asked: RemedyKind = best.kind === 'spread' ? 'widen' : 'spread';
  const other = remedies.find(({ kind }) => kind === asked);
  if (other === undefined) return '';
  if (other.standing === 'reaches-goal') return ` ${capitalized(other.title)} would do as well.`;
  const why = other.standing === 'not-possible' ? 'is not possible here' : 'alone does not reach the goal';
  return ` ${capitalized(other.title)} ${why}.`;
}

function goalMet({ today, goal, situation }: Question): string {
  const asked = goal.loadFactor === 1 ? '' : `; ${formatNumber(goal.loadFactor)} times is asked for`;
  const warning = earlyReuse(situation, goal.loadFactor)
    .map((sentence) => ` But: ${sentence}`)
    .join('');
  return `Nothing needs to be done: a node bears ${formatBearing(situation, today.capacityFlows)} to this destination, ${bearsAnyLoad(today) ? 'at any load' : `${formatFactor(today.bearsFactor)} times today's load${asked}`}.${warning}`;
}

function nearest(best: Remedy, remedies: readonly Remedy[], question: Question): string {
  const { goal, situation } = question;
  return `Nothing here reaches the goal by itself. Nearest: ${best.title}, which bears ${formatFactor(best.effect.bearsFactor)} times today's load; ${goal.loadFactor === 1 ? '' : `at ${goal.loadFactor} times `}the next ${flowNoun(situation.load)} is still lost: ${estimatedChance(best.effect.dropAtGoal)}. ${together(remedies, question)}`;
}

function nothingHelps(remedies: readonly Remedy[], question: Question): string {
  return `Nothing that is possible here helps enough to be worth it. ${together(remedies, question)}`;
}

/** The fewest nodes, or addresses on the fullest node, with the largest pool that is possible here. */
function together(remedies: readonly Remedy[], { situation, goal, today }: Question): string {
  const { load, placement, ports } = situation;
  const widest = largestPool(remedies);
  const isWider = widest !== undefined && widest.effect.capacityFlows > today.capacityFlows;
  const bears = isWider ? widest.effect.capacityFlows : today.capacityFlows;
  const each = bears / ports.snatAddresses;
  const nodes = wholeNumber((load.flows * goal.loadFactor) / bears);
  const addresses = wholeNumber((hottestFlows(situation) * goal.loadFactor) / each);
  const mayBeHad = nodes > 1 && nodes <= (placement.maxNodes ?? placement.nodes);
  return [
    `${isWider ? `With ${widest.title}` : 'With the ports as they are'} the goal needs ${formatCount(nodes, 'node')} that share the load evenly, or ${formatInteger(addresses)} SNAT ${addresses === 1 ? 'address' : 'addresses'} on the fullest node: one address bears ${formatBearing(situation, each)} to one destination.`,
    ...(mayBeHad ? ['So many nodes may be had: do both.'] : []),
  ].join(' ');
}

/** A range that was found worth it, or several. */
function largestPool(remedies: readonly Remedy[]): Remedy | undefined {
  return remedies
    .filter(({ kind, rank }) => (kind === 'widen' || kind === 'split-range') && rank !== undefined)
    .toSorted((left, right) => right.effect.capacityFlows - left.effect.capacityFlows)[0];
}

function wholeNumber(value: number): number {
  return Math.max(1, Math.ceil(value - 1e-9));
}

function capitalized(text: string): string {
  return text.startsWith('natPortRange') ? text : text.charAt(0).toUpperCase() + text.slice(1);
}
