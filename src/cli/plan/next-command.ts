// The command worth typing after a plan: the same line unfolded, then a look at one change, then the check that it helped.
import type { Plan, Remedy } from '../../core/advice/plan.ts';
import type { PlanRequest } from './plan-request.ts';

const GLOBAL_WITH_VALUE = new Set(['-o', '--output', '--color']);

/** What is said last. */
export function nextCommand(plan: Plan, request: PlanRequest, words: readonly string[]): string {
  const isLive = request.source.kind !== 'node' || request.source.files === undefined;
  if (isLive && plan.gaps.some(({ remedy }) => remedy?.startsWith('sudo ') === true)) return `sudo ${lineOf(words)}`;
  if (!request.explain) return request.out === undefined ? `${lineOf(words)} --explain` : savedLine(request.out);
  const range = plan.remedies.find(isRange);
  const isLooked = request.whatIfs.length > 0 || request.source.kind === 'saved';
  if (isLooked || range === undefined) return 'portolan diagnose, after the change';
  return `${lineOf(words)} --what-if ${whatIfOf(range)}`.replace(' --explain', '');
}

function savedLine(path: string): string {
  return `portolan plan --from ${quoted(path)} --explain`;
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
  return ['portolan plan', ...plain.map(quoted)].join(' ');
}

/** A word as a shell takes it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
