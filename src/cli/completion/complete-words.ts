// Answers the shells: what can stand where the cursor is. One candidate per line with its description behind a tab, then
// `:4` (no file names), the protocol kubectl asks its plugins with (cobra's __complete).
import type { CommandSpec, FlagSpec } from '../command-spec.ts';
import { COMMANDS, GLOBAL_FLAGS } from '../command-specs.ts';
import type { Measures } from '../measures.ts';

interface Candidate {
  readonly value: string;
  readonly description: string;
}

const NO_FILE_NAMES = ':4';
const FILE_NAMES = ':0';

/** @param words what was typed after the program's name; the last is being completed and may be empty. */
export async function completeWords(words: readonly string[], measures: Measures): Promise<string> {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const spec = commandOf(before);
  const flag = flagAwaitingValue(before, spec);
  if (flag?.value === 'PATH' || flag?.value === 'FILE' || (flag === undefined && awaitsFile(before, current, spec)))
    return `${FILE_NAMES}\n`;
  const candidates =
    flag === undefined ? await placeCandidates({ before, current, spec, measures }) : valueCandidates(flag, spec, '');
  const matching = candidates.filter(({ value }) => value.startsWith(current));
  return `${[...matching.map(({ value, description }) => `${value}\t${description}`), NO_FILE_NAMES].join('\n')}\n`;
}

interface Place {
  readonly before: readonly string[];
  readonly current: string;
  readonly spec: CommandSpec | undefined;
  readonly measures: Measures;
}

async function placeCandidates({ before, current, spec, measures }: Place): Promise<Candidate[]> {
  const equals = current.indexOf('=');
  if (current.startsWith('--') && equals > 0) {
    const flag = flagsOf(spec).find(({ name }) => `--${name}` === current.slice(0, equals));
    return flag === undefined ? [] : valueCandidates(flag, spec, current.slice(0, equals + 1));
  }
  if (current.startsWith('-'))
    return flagsOf(spec).map(({ name, description }) => ({ value: `--${name}`, description }));
  if (spec !== undefined) return operandCandidates(spec, before, measures);
  return nextWords(plainWords(before));
}

function valueCandidates(flag: FlagSpec, spec: CommandSpec | undefined, prefix: string): Candidate[] {
  const values = flag.name === 'output' ? (spec?.formats ?? ['table']) : (flag.choices ?? []);
  return values.map((value) => ({ value: `${prefix}${value}`, description: '' }));
}

function awaitsFile(before: readonly string[], current: string, spec: CommandSpec | undefined): boolean {
  if (spec?.operand?.choices !== 'files' || current.startsWith('-')) return false;
  return spec.operand.isList === true || !hasOperand(before, spec);
}

function hasOperand(before: readonly string[], spec: CommandSpec): boolean {
  return plainWords(before).length > spec.name.split(' ').length;
}

async function operandCandidates(
  spec: CommandSpec,
  before: readonly string[],
  measures: Measures,
): Promise<Candidate[]> {
  const choices = spec.operand?.choices;
  if (choices === undefined || choices === 'files' || hasOperand(before, spec)) return [];
  if (choices !== 'scenarios') return choices.map((value) => ({ value, description: '' }));
  const scenarios = await measures.listScenarios().catch(() => []);
  return scenarios.map(({ name, story }) => ({ value: name, description: story }));
}

/** The words that can follow: commands, or a group's commands. */
function nextWords(typed: readonly string[]): Candidate[] {
  const found = new Map<string, string>();
  for (const { name, summary } of COMMANDS) {
    const words = name.split(' ');
    const next = words[typed.length];
    if (next === undefined || !typed.every((word, index) => word === words[index])) continue;
    if (!found.has(next)) found.set(next, words.length > typed.length + 1 ? `${next} commands` : summary);
  }
  return [...found].map(([value, description]) => ({ value, description }));
}

function commandOf(before: readonly string[]): CommandSpec | undefined {
  const typed = plainWords(before);
  return COMMANDS.find(({ name }) => name.split(' ').every((word, index) => word === typed[index]));
}

function flagsOf(spec: CommandSpec | undefined): FlagSpec[] {
  return [...(spec?.flags ?? []), ...GLOBAL_FLAGS];
}

/** The flag before the cursor when it still wants its value. */
function flagAwaitingValue(before: readonly string[], spec: CommandSpec | undefined): FlagSpec | undefined {
  const last = before.at(-1);
  const flag = flagsOf(spec).find(
    ({ name, short }) => last === `--${name}` || (short !== undefined && last === `-${short}`),
  );
  return flag?.value === undefined ? undefined : flag;
}

/** What was typed without flags and their values. */
function plainWords(before: readonly string[]): string[] {
  const allFlags = [...GLOBAL_FLAGS, ...COMMANDS.flatMap(({ flags }) => flags)];
  return before.filter((word, index) => {
    if (word.startsWith('-')) return false;
    const previous = before[index - 1] ?? '';
    return !allFlags.some(
      ({ name, short, value }) =>
        value !== undefined && (previous === `--${name}` || (short !== undefined && previous === `-${short}`)),
    );
  });
}
