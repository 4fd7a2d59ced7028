// The command worth typing after a plan: for a cluster the change itself; else the same line unfolded, a look at one change, the
// check that it helped.
import type { Plan, Remedy } from '../../core/advice/plan.ts';
import { applyCommand, type ApplyPlace } from './apply-commands.ts';
import type { PlanRequest } from './plan-request.ts';
import { quotedWord } from './quoted-word.ts';

const GLOBAL_WITH_VALUE = new Set(['-o', '--output', '--color']);

/** What is said last. */
export function nextCommand(plan: Plan, request: PlanRequest, words: readonly string[]): string {
  if (plan.cluster !== undefined) return nextInCluster(plan, request, words);
  const isLive = request.source.kind !== 'node' || request.source.files === undefined;
  if (isLive && plan.gaps.some(({ remedy }) => remedy?.startsWith('sudo ') === true)) return `sudo ${lineOf(words)}`;
  if (!request.explain) return request.out === undefined ? `${lineOf(words)} --explain` : savedLine(request.out);
  const range = plan.remedies.find(isRange);
  const isLooked = request.whatIfs.length > 0 || request.source.kind === 'saved';
  if (isLooked || range === undefined) return 'portolan diagnose, after the change';
  return `${lineOf(words)} --what-if ${whatIfOf(range)}`.replace(' --explain', '');
}

/** The best remedy that `apply` does; a plan that no file holds is saved first. */
function nextInCluster(plan: Plan, request: PlanRequest, words: readonly string[]): string {
  const place = applyPlace(request);
  const apply = plan.remedies
    .map((remedy) => applyCommand(remedy, plan, { ...place, savedAs: place.savedAs ?? 'plan.json' }))
    .find((line) => line !== undefined);
  if (apply === undefined)
    return request.explain ? 'portolan diagnose, after the change' : `${lineOf(words)} --explain`;
  return place.savedAs === undefined ? `${lineOf(words)} --out plan.json`.replace(' --explain', '') : apply;
}

/** The file that holds this plan, and the cluster that was asked for. */
export function applyPlace({ out, source }: PlanRequest): ApplyPlace {
  return {
    savedAs: out ?? (source.kind === 'saved' ? source.path : undefined),
    choice: source.kind === 'cluster' ? source.choice : {},
  };
}

function savedLine(path: string): string {
  return `portolan plan --from ${quotedWord(path)} --explain`;
}

function isRange({ rank, change }: Remedy): boolean {
  return rank !== undefined && change.kind === 'nat-port-range';
}

function whatIfOf({ change }: Remedy): string {
  return change.kind === 'nat-port-range' ? `natPortRange=${change.to.first}:${change.to.last}` : '';
}

/** What was typed, without how it was to be printed. */
function lineOf(words: readonly string[]): string {
  const kept = words.filter((word, index) => {
    const before = words[index - 1] ?? '';
    return !GLOBAL_WITH_VALUE.has(word) && !GLOBAL_WITH_VALUE.has(before) && !/^(?:-o.|--output=|--color=)/.test(word);
  });
  const plain = kept.filter((word) => word !== 'plan' && word !== '-v' && word !== '--verbose');
  return ['portolan plan', ...plain.map(quotedWord)].join(' ');
}
