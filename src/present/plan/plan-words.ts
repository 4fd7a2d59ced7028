// The figures of a plan as short phrases: loads, capacities, chances, and the mark that says what a remedy is worth.
import { bearsAnyLoad } from '../../core/advice/effect.ts';
import type { Effect, Goal, Plan, Remedy, Standing } from '../../core/advice/plan.ts';
import type { Situation } from '../../core/advice/situation.ts';
import type { Severity } from '../../core/analysis/finding.ts';
import { estimatedChance, RAREST_ESTIMATE } from '../../core/model/estimated-chance.ts';
import { formatRange, rangeSize } from '../../core/model/port-range.ts';
import { protocolName, TCP } from '../../core/model/protocol.ts';
import { formatSeconds } from '../duration-text.ts';
import { formatCount, formatInteger, formatNumber, formatRate } from '../number-text.ts';
import { oneInN } from '../one-in-n.ts';
import { flowNoun } from '../words.ts';

/** `tcp 203.0.113.9:443`. */
export function destinationText({ load }: Situation): string {
  const address = load.family === 6 ? `[${load.remoteAddress}]` : load.remoteAddress;
  return `${protocolName(load.protocol)} ${address}:${load.remotePort}`;
}

/** `536 new/s`, or `62,000 open at once` where no rate is known; at some times the load. */
export function loadText({ load }: Situation, factor: number): string {
  return load.perSecond === undefined
    ? `${formatInteger(load.flows * factor)} held at once`
    : `${formatRate(load.perSecond * factor)} new`.replace(/^(.*)\/s new$/, '$1 new/s');
}

/** `twice today's load`. */
export function factorText({ loadFactor }: Goal): string {
  if (loadFactor === 1) return "today's load";
  return loadFactor === 2 ? "twice today's load" : `${formatNumber(loadFactor)} times today's load`;
}

/** `2x`, for a column. */
export function shortFactor({ loadFactor }: Goal): string {
  return `${formatNumber(loadFactor)}x`;
}

/** A chance as the goal of a plan: 0 is `never`. */
export function goalChance({ targetDrop }: Goal): string {
  return targetDrop <= 0 ? 'never' : `at most ${oneInN(targetDrop)}`;
}

/** `Goal: next connection lost at most 1 in 1,000, at twice today's load (536 new/s to tcp 203.0.113.9:443)`. */
export function goalSentence({ goal, situation }: Plan): string {
  const noun = flowNoun(situation.load.protocol);
  const load = `${loadText(situation, goal.loadFactor)} to ${destinationText(situation)}`;
  return `Goal: next ${noun} lost ${goalChance(goal)}, at ${factorText(goal)} (${load})`;
}

/** What is there today, in segments. */
export function todaySegments({ situation, today }: Plan): string[] {
  const { load, placement, ports } = situation;
  const hold = load.holdSeconds === undefined ? '' : `, each holds its port for ${formatSeconds(load.holdSeconds)}`;
  const held = load.flows * placement.hottestShare;
  const size = ports.ranges.reduce((total, range) => total + rangeSize(range), 0) * ports.snatAddresses;
  const nodes = placement.nodes === 1 ? 'on 1 node' : `on the fullest of ${formatInteger(placement.nodes)} nodes`;
  return [
    `Today (${situation.subject}):`,
    `${loadText(situation, 1)}${hold};`,
    `${formatInteger(held)} ports wanted at once ${nodes}, where there are ${formatInteger(size)} (${ports.ranges.map(formatRange).join(', ')})${openPart(situation, held)};`,
    `next ${flowNoun(load.protocol)} lost: ${lostToday(situation, today)}`,
  ];
}

/** On a kernel that gives the ports of closed connections away only the open ones count. */
function openPart({ load, ports }: Situation, held: number): string {
  if (load.protocol !== TCP || ports.behaviour.evictsClosing !== 'yes' || load.liveShare >= 1) return '';
  return `, ${formatInteger(held * load.liveShare)} of them by open connections: this kernel gives the ports of closed ones away`;
}

/** What was computed from the ports held right now, and what such a load comes to: the two differ while ports fill. */
function lostToday({ measuredDrop }: Situation, { dropToday }: Effect): string {
  const [now, later] = [measuredDrop === undefined ? '' : oneInN(measuredDrop), estimatedChance(dropToday)];
  return now === '' || estimatedChance(measuredDrop ?? 0) === later
    ? later
    : `${now} right now, by the ports held; ${later} as such a load goes on`;
}

/** `741/s`, or `29,598` held at once where no rate is known; `any` where there is no limit. */
export function capacityText({ capacityPerSecond, capacityFlows }: Effect): string {
  if (bearsAnyLoad({ capacityFlows })) return 'any';
  return capacityPerSecond === undefined ? formatInteger(capacityFlows) : formatRate(capacityPerSecond);
}

/** A chance in a column: `<1 in 10^6`. */
export function lostCell(chance: number): string {
  return estimatedChance(chance).replace('less than ', '<').replace('more than ', '>');
}

/** What the column of capacities means. */
export function capacityMeaning({ goal, situation, today }: Plan): string {
  const noun = flowNoun(situation.load.protocol);
  const estimated = goal.targetDrop < RAREST_ESTIMATE ? ' (rarer than 1 in 10^6 is an estimate)' : '';
  const keeps = goal.targetDrop <= 0 ? 'before one is lost' : `while ${oneInN(goal.targetDrop)} is lost${estimated}`;
  return today.capacityPerSecond === undefined
    ? `CAPACITY: ${noun}s that one node can hold at once to this destination ${keeps}`
    : `CAPACITY: new ${noun}s a second to this destination over all nodes ${keeps}`;
}

/** `2.8 times today's load`; nothing where there is no limit. */
export function bearsText({ bearsFactor }: Effect): string {
  if (bearsFactor >= 1e6) return 'any load';
  return bearsFactor >= 0.995 && bearsFactor < 1.005
    ? "today's load"
    : `${formatNumber(bearsFactor)} times today's load`;
}

/** `29,598 connections at once on the fullest node`: more than it has ports where closed ones give theirs away. */
export function heldText({ capacityFlows }: Effect, { load }: Situation): string {
  if (bearsAnyLoad({ capacityFlows })) return `any number of short ${flowNoun(load.protocol)}s on the fullest node`;
  const closing = load.liveShare < 1 ? ', closed ones that still hold a port included' : '';
  return `${formatCount(Math.round(capacityFlows), flowNoun(load.protocol))} at once on the fullest node${closing}`;
}

/** `hits 1 in 60,700 new udp flows`: of the protocol of the port that is hit. */
export function hitText(protocol: number, chance: number): string {
  return `hits ${oneInN(chance)} new ${protocolName(protocol)} flows`;
}

/** How good a remedy is, in the words of severities: their marks and colours are used. The best may fall short of the goal. */
export function severityOf(
  { standing }: Pick<Remedy, 'standing'>,
  { goalReached }: Pick<Plan, 'goalReached'>,
): Severity {
  if (standing === 'reaches-goal' || (standing === 'best' && goalReached)) return 'ok';
  return standing === 'helps' || standing === 'best' ? 'warning' : 'info';
}

const STANDINGS: Readonly<Record<Exclude<Standing, 'best'>, string>> = {
  'reaches-goal': 'reaches the goal',
  helps: 'helps, but may not reach the goal by itself',
  'not-worth-it': 'not worth it',
  'not-possible': 'not possible here',
};

export function standingText(
  { standing }: Pick<Remedy, 'standing'>,
  { goalReached }: Pick<Plan, 'goalReached'>,
): string {
  if (standing !== 'best') return STANDINGS[standing];
  return goalReached ? 'best: reaches the goal' : 'best, but does not reach the goal';
}

/** `1`, or a dash for what has no rank. */
export function rankText({ rank }: Remedy): string {
  return rank === undefined ? '-' : String(rank);
}
