// Which remedy comes first: the goal, then ports that hurt, then what the page prefers and what it costs to be wrong.
import { hurtChance } from './opened-conflicts.ts';
import type { Remedy, RemedyKind, Standing } from './plan.ts';
import type { RemedyDraft } from './remedy-draft.ts';

/** Least to lose first; after doing nothing the order of IBM's page, then what nobody else maintains, then other people's work. */
const PREFERENCE: readonly RemedyKind[] = [
  'do-nothing',
  'spread',
  'widen',
  'split-range',
  'hold-time',
  'more-addresses',
  'reuse-connections',
];

const ORDER: readonly Standing[] = ['best', 'reaches-goal', 'helps', 'not-worth-it', 'not-possible'];

/** Buying more than this many times the nodes there are is the dearer remedy, whatever the page prefers. */
const NODES_WORTH_BUYING = 2;

/** The remedies in their order; the first that reaches the goal or at least helps is the best. */
export function rankRemedies(drafts: readonly RemedyDraft[], nodesNow: number): readonly Remedy[] {
  const place = (draft: RemedyDraft): number =>
    isDear(draft, nodesNow) ? BEFORE_APPLICATIONS : PREFERENCE.indexOf(draft.kind);
  const sorted = drafts.toSorted(
    (left, right) =>
      ORDER.indexOf(left.standing) - ORDER.indexOf(right.standing) ||
      hurts(left) - hurts(right) ||
      byEffect(left, right) ||
      place(left) - place(right) ||
      right.effect.bearsFactor - left.effect.bearsFactor,
  );
  return sorted.map((draft, index) => {
    if (!isRanked(draft)) return draft;
    return { ...draft, rank: index + 1, standing: index === 0 ? 'best' : draft.standing };
  });
}

/** After everything that the nodes there are can do, before what takes other people's work. */
const BEFORE_APPLICATIONS = PREFERENCE.indexOf('reuse-connections') - 0.5;

/** A single node is usually the one that was looked at: how many more there are is not known then. */
function isDear({ change }: RemedyDraft, nodesNow: number): boolean {
  return change.kind === 'spread' && nodesNow > 1 && change.nodes > NODES_WORTH_BUYING * nodesNow;
}

function isRanked({ standing }: RemedyDraft): boolean {
  return standing === 'reaches-goal' || standing === 'helps';
}

/** Where the goal is out of reach, the remedy that comes nearest leads. */
function byEffect(left: RemedyDraft, right: RemedyDraft): number {
  if (left.standing !== 'helps') return 0;
  return Number(isOthersWork(left)) - Number(isOthersWork(right)) || right.effect.bearsFactor - left.effect.bearsFactor;
}

/** What no operator can do alone. */
function isOthersWork({ kind }: RemedyDraft): boolean {
  return kind === 'reuse-connections';
}

function hurts({ conflicts }: RemedyDraft): number {
  return hurtChance(conflicts) > 0 ? 1 : 0;
}
