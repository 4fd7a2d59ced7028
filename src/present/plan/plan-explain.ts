// A plan unfolded: every remedy with its reasons, conflicts, conditions, exact command and undo, and how the figures were made.
import type { Plan, Remedy } from '../../core/advice/plan.ts';
import type { Situation } from '../../core/advice/situation.ts';
import { type Line, paintLines } from '../line.ts';
import { estimatedChance } from '../../core/model/estimated-chance.ts';
import { conflictSentences } from './plan-conflicts.ts';
import { closingLines, type PlanTableOptions, planLines } from './plan-table.ts';
import { bearsText, factorText, goalChance, heldText, rankText, severityOf, standingText } from './plan-words.ts';
import { formatShare } from '../share-text.ts';
import { commandText, planPage, type Style } from '../style.ts';
import { flowNoun } from '../words.ts';
import { wrapText } from '../wrap-text.ts';

/** The first screen followed by each of its lines in full. */
export function formatPlanExplained(plan: Plan, options: PlanTableOptions): string {
  const { style } = options;
  const lines = [
    ...planLines(plan, style),
    ...plan.remedies.flatMap((remedy) => remedyLines(remedy, plan, style)),
    ...bullets('What was taken to be so', plan.situation.assumptions, style),
    ...bullets('How it was computed', methodSentences(plan, style), style),
    ...gapBullets(plan, style),
    ...closingLines({ ...plan, gaps: [] }, options),
  ];
  return paintLines(lines, style.palette);
}

function remedyLines(remedy: Remedy, plan: Plan, style: Style): Line[] {
  const severity = severityOf(remedy, plan);
  const title = `${rankText(remedy)} ${remedy.title}: ${standingText(remedy, plan)}`;
  return [
    { text: '' },
    ...wrapText(title, { width: style.width, indent: 2 }).map(
      (text): Line => ({ text, tone: severity === 'info' ? 'strong' : severity }),
    ),
    ...itemLines(remedyItems(remedy, plan), style),
    ...(remedy.rank === undefined ? [] : commandLines(remedy, style)),
  ];
}

function commandLines({ command, undo, byHand }: Remedy, style: Style): Line[] {
  const here = (text: string | undefined) => (text === undefined ? undefined : commandText(text, style));
  return [
    ...pasteLines('type', here(command)),
    ...pasteLines('undo', here(undo)),
    ...pasteLines('or, by other programs', byHand?.command),
    ...pasteLines('its undo', byHand?.undo),
  ];
}

function remedyItems(remedy: Remedy, plan: Plan): string[] {
  const { effect, standing } = remedy;
  const lost = `at ${factorText(plan.goal)} lost: ${estimatedChance(effect.dropAtGoal)}`;
  const bears = `bears ${bearsText(effect)} with ${goalChance(plan.goal)} lost: ${heldText(effect, plan.situation)}; ${lost}`;
  const why = [
    ...remedy.reasons.map((reason) => `because: ${reason}`),
    ...(standing === 'not-possible' ? [] : [bears]),
  ];
  // Nobody weighs the risk of what is not worth doing; what would make an impossible one possible stands in its conditions.
  if (standing === 'not-worth-it') return why;
  return [
    ...why,
    ...remedy.risks.map((risk) => `risk: ${risk}`),
    ...conflictSentences(remedy.conflicts),
    ...remedy.preconditions.map((condition) => `first: ${condition}`),
  ];
}

/** From the first column on, as it is, so that it can be pasted: a here-document ends at the beginning of a line only. */
function pasteLines(label: string, command: string | undefined): Line[] {
  if (command === undefined) return [];
  return [
    { text: `  ${label}:` },
    ...command
      .replace(/\n$/, '')
      .split('\n')
      .map((text) => ({ text })),
  ];
}

function methodSentences({ situation, goal }: Plan, style: Style): string[] {
  const noun = flowNoun(situation.load.protocol);
  return [
    searchSentence(situation),
    `capacity: what the ports of one destination hold at once on the fullest node while a new ${noun} is lost ${goalChance(goal)}, by the kernel's own search, simulated; per second over all nodes: that, divided by the time a port is held and by the share of the fullest node (${formatShare(situation.placement.hottestShare)})`,
    `the same port serves other destinations at the same time: only ${noun}s to this one destination compete`,
    `every figure and its limits: ${planPage(style)}`,
  ];
}

function searchSentence({ ports: { behaviour }, load }: Situation): string {
  const search =
    behaviour.search === 'full-scan'
      ? 'the kernel tries every port'
      : 'the kernel tries at most 248 ports and then gives up, so packets are lost before the range is full';
  if (behaviour.evictsClosing === 'yes' && load.protocol === 6)
    return `${search}; it gives the port of a closed connection to a new one`;
  return `${search}; a closed connection keeps its port until its time is up`;
}

function gapBullets({ gaps }: Plan, style: Style): Line[] {
  return bullets(
    'Not seen',
    gaps.map((gap) => `${gap.what} (${gap.why}); weakens ${gap.weakens}`),
    style,
  );
}

function bullets(title: string, items: readonly string[], style: Style): Line[] {
  return items.length === 0 ? [] : [{ text: '' }, { text: title, tone: 'strong' }, ...itemLines(items, style)];
}

function itemLines(items: readonly string[], style: Style): Line[] {
  return items.flatMap((item) => wrapText(item, { width: style.width, first: '  - ' })).map((text) => ({ text }));
}
