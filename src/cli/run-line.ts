// One command line past help and completion: parse it, find its command, judge its flags, run it.
import { PortolanError } from '../core/errors/portolan-error.ts';
import type { CommandSpec, FlagSpec } from './command-spec.ts';
import { COMMANDS, GLOBAL_FLAGS, GROUPS } from './command-specs.ts';
import { FINE } from './exit-code.ts';
import { FlagReader } from './flags/flag-reader.ts';
import { didYouMean } from './flags/suggestion.ts';
import { programHelp } from './help-text.ts';
import { buildProgram, type ParsedLine } from './program.ts';
import { sortRest } from './rest-of-line.ts';
import { programNameOf } from './program-name.ts';
import { styleOf } from './style-of.ts';
import type { Surroundings } from './surroundings.ts';

/** @returns the exit code. Errors: PTL_USAGE with everything that is wrong, PTL_NOT_LINUX, and the command's own. */
export async function runLine(surroundings: Surroundings): Promise<number> {
  const line = parseLine(surroundings);
  if (line === 'help shown') return FINE;
  if (line.raw['version'] === true) return runNamed('version', line, surroundings);
  if (line.spec !== undefined) return runCommand(line, line.spec, surroundings);
  return withoutCommand(line, surroundings);
}

function parseLine(surroundings: Surroundings): ParsedLine | 'help shown' {
  let parsed: ParsedLine | undefined;
  const program = buildProgram({
    programName: programNameOf(surroundings.startedAs),
    write: (text) => surroundings.stdout.write(text),
    onParsed: (line) => (parsed = line),
  });
  try {
    program.parse(joinNegativeValues(surroundings.arguments), { from: 'user' });
  } catch (error) {
    if (isHelp(error)) return 'help shown';
    throw error;
  }
  if (parsed === undefined) throw new TypeError('Cannot parse the command line: no action was called, wanted one');
  return parsed;
}

/** `--for -1s` is a wrong value, not a flag named -1s. */
function joinNegativeValues(words: readonly string[]): string[] {
  const takesValue = new Set([...COMMANDS.flatMap(({ flags }) => flags), ...GLOBAL_FLAGS].flatMap(namesWithValue));
  const joined: string[] = [];
  for (const word of words) {
    const before = joined.at(-1);
    if (/^-\d/.test(word) && before !== undefined && takesValue.has(before)) joined.splice(-1, 1, `${before}=${word}`);
    else joined.push(word);
  }
  return joined;
}

function namesWithValue({ name, value }: FlagSpec): string[] {
  return value === undefined ? [] : [`--${name}`];
}

/** CommanderError of --help and `help`. */
function isHelp(error: unknown): boolean {
  return error instanceof Error && 'exitCode' in error && error.exitCode === 0;
}

function runNamed(name: string, line: ParsedLine, surroundings: Surroundings): Promise<number> {
  const spec = COMMANDS.find((candidate) => candidate.name === name);
  if (spec === undefined) throw new TypeError(`Cannot run ${name}: not a command`);
  return runCommand(line, spec, surroundings);
}

async function runCommand(line: ParsedLine, spec: CommandSpec, surroundings: Surroundings): Promise<number> {
  const { operands, problems } = sortRest(line.rest, spec);
  const helpCommand = `${programNameOf(surroundings.startedAs)} ${spec.name} --help`;
  const flags = new FlagReader({ raw: line.raw, operands, helpCommand });
  for (const problem of problems) flags.problem(problem);
  const style = styleOf(surroundings, {
    color: flags.choice('color', ['auto', 'always', 'never'], 'auto'),
    ascii: flags.isSet('ascii'),
  });
  const format = spec.readsOutput === true ? 'table' : flags.choice('output', spec.formats ?? ['table'], 'table');
  if (spec.needsLinux && surroundings.platform !== 'linux') throw notLinux(spec, flags, surroundings);
  return spec.run({
    surroundings,
    flags,
    style,
    format,
    isVerbose: flags.isSet('verbose'),
    mayAsk: line.raw['input'] !== false,
  });
}

function notLinux(spec: CommandSpec, flags: FlagReader, { platform, startedAs }: Surroundings): PortolanError {
  flags.finish();
  return new PortolanError('PTL_NOT_LINUX', `Cannot run ${spec.name}: this is ${platform}, wanted Linux`, {
    hint: `run it on a Linux machine or in a Linux container; here: ${programNameOf(startedAs)} lab list`,
  });
}

function withoutCommand(line: ParsedLine, surroundings: Surroundings): number {
  const programName = programNameOf(surroundings.startedAs);
  const given = line.rest[0] === 'help' ? line.rest[1] : line.rest[0];
  if (given === undefined && line.group === undefined) {
    surroundings.stdout.write(programHelp(programName));
    return FINE;
  }
  throw new PortolanError('PTL_USAGE', noSuchCommand(given, line.group), {
    hint: `${programName}${line.group === undefined ? '' : ` ${line.group}`} --help`,
  });
}

function noSuchCommand(given: string | undefined, group: string | undefined): string {
  const names =
    group === undefined
      ? [...COMMANDS.map((spec) => spec.name).filter((name) => !name.includes(' ')), ...GROUPS.map(({ name }) => name)]
      : commandsOf(group);
  const place = group === undefined ? '' : `${group} `;
  const wanted = `wanted ${alternatives(names)}`;
  if (given === undefined) return `Cannot run ${group ?? ''}: no command given, ${wanted}`;
  if (given.startsWith('-')) return noSuchFlag(given, place);
  return `Cannot run ${place}${given}: no such command, ${wanted}${didYouMean(given, names)}`;
}

/** A flag of some command is told where it belongs. */
function noSuchFlag(given: string, place: string): string {
  const word = given.split('=')[0] ?? given;
  const owners = COMMANDS.filter(({ flags }) => flags.some(({ name }) => `--${name}` === word)).map(({ name }) => name);
  if (owners.length > 0)
    return `Cannot read ${place}${word}: no command before it, wanted it after ${alternatives(owners)}`;
  const known = GLOBAL_FLAGS.map(({ name }) => `--${name}`);
  return `Cannot read ${place}${word}: no such flag, wanted one of "--help"${didYouMean(word, known)}`;
}

/** `diagnose, plan or rules`. */
function alternatives(words: readonly string[]): string {
  return words.length <= 1 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1) ?? ''}`;
}

function commandsOf(group: string): string[] {
  return COMMANDS.filter((spec) => spec.name.startsWith(`${group} `)).map((spec) => spec.name.slice(group.length + 1));
}
