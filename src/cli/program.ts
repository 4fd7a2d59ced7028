// Makes the commander program from the command specs. Values are taken as they come and judged by FlagReader, so that
// everything wrong with a line is said at once.
import { Command, Option } from '@commander-js/extra-typings';
import type { CommandSpec, FlagSpec } from './command-spec.ts';
import { COMMANDS, GLOBAL_FLAGS, GROUPS } from './command-specs.ts';
import { commandHelp, groupHelp, programHelp } from './help-text.ts';
import type { RawFlags } from './flags/flag-reader.ts';

/** What was typed, sorted but not judged. */
export interface ParsedLine {
  /** Undefined: no command was named. */
  readonly spec: CommandSpec | undefined;
  /** Words of the group when a group was named without one of its commands. */
  readonly group: string | undefined;
  readonly raw: RawFlags;
  /** Operands and flags that nobody knows, in the order typed. */
  readonly rest: readonly string[];
}

export interface ProgramOptions {
  readonly programName: string;
  /** Where help is printed. */
  readonly write: (text: string) => void;
  /** Called once with what was typed. */
  readonly onParsed: (line: ParsedLine) => void;
}

/** The program; parse it with `{ from: 'user' }`. Help ends in a CommanderError with exit code 0. */
export function buildProgram(options: ProgramOptions): Command {
  const program = prepare(new Command(options.programName), options, () => programHelp(options.programName));
  for (const flag of GLOBAL_FLAGS) if (flag.name !== 'help') program.addOption(optionOf(flag));
  program.helpCommand(false);
  program.action((_flags, command) => report(command, { spec: undefined, group: undefined }, options));
  const groups = new Map(GROUPS.map((group) => [group.name, addGroup(program, group, options)]));
  for (const spec of COMMANDS) addCommand(groups, program, { spec, options });
  return program;
}

function prepare(command: Command, options: ProgramOptions, help: () => string): Command {
  return command
    .exitOverride()
    .allowUnknownOption()
    .allowExcessArguments()
    .configureOutput({ writeOut: options.write, writeErr: () => undefined, getOutHasColors: () => false })
    .configureHelp({ formatHelp: help })
    .helpOption('-h, --help');
}

function addGroup(program: Command, { name, summary }: (typeof GROUPS)[number], options: ProgramOptions): Command {
  const group = prepare(new Command(name), options, () => groupHelp({ name, summary }, options.programName));
  group.action((_flags, command) => report(command, { spec: undefined, group: name }, options));
  program.addCommand(group);
  return group;
}

function addCommand(
  groups: ReadonlyMap<string, Command>,
  program: Command,
  { spec, options }: { spec: CommandSpec; options: ProgramOptions },
): void {
  const words = spec.name.split(' ');
  const parent = words.length === 2 ? groups.get(words[0] ?? '') : program;
  const command = prepare(new Command(words.at(-1)), options, () => commandHelp(spec, options.programName));
  for (const flag of spec.flags) command.addOption(optionOf(flag));
  command.action((_flags, self) => report(self, { spec, group: undefined }, options));
  (parent ?? program).addCommand(command);
}

/** A value is optional for commander, so that a missing one is one of the problems said and not the only one. */
function optionOf(flag: FlagSpec): Option {
  const short = flag.short === undefined ? '' : `-${flag.short}, `;
  const option = new Option(
    `${short}--${flag.name}${flag.value === undefined ? '' : ` [${flag.value}]`}`,
    flag.description,
  );
  if (flag.isList === true)
    option.argParser((value: string, previous: unknown) => [...(Array.isArray(previous) ? previous : []), value]);
  return option;
}

function report(
  command: { optsWithGlobals(): object; readonly args: readonly string[] },
  line: Pick<ParsedLine, 'spec' | 'group'>,
  options: ProgramOptions,
): void {
  options.onParsed({ ...line, raw: { ...command.optsWithGlobals() }, rest: [...command.args] });
}
