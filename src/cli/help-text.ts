// The text of --help: what it is for, examples first, then flags; the same data makes docs/reference/cli.md.
import { layoutColumns } from '../present/column-layout.ts';
import { wrapText } from '../present/wrap-text.ts';
import type { CommandSpec, Example, FlagSpec } from './command-spec.ts';
import { COMMANDS, ENVIRONMENT, GLOBAL_FLAGS } from './command-specs.ts';
import { EXIT_CODES } from './exit-code.ts';

const WIDTH = 100;

export const PROGRAM_SUMMARY =
  'Charts the source ports a Kubernetes node spends on SNAT, says whether they run out or collide and why, and proves it in a lab of real kernel namespaces';

const PROGRAM_EXAMPLES: readonly Example[] = [
  { command: 'diagnose', what: 'is this node out of ports, where, who uses them, what helps' },
  { command: 'demo', what: 'see it happen and be repaired, without root or a cluster' },
  { command: 'lab list', what: 'every kind of trouble, ready to be tried' },
];

/** The help of the whole program. */
export function programHelp(programName: string): string {
  return page([
    wrapText(PROGRAM_SUMMARY, { width: WIDTH }),
    ['Examples:', ...exampleLines(PROGRAM_EXAMPLES, programName)],
    [`Usage: ${programName} COMMAND [flags]`],
    ['Commands:', ...definitionLines(COMMANDS.map((spec) => [usageName(spec), spec.summary]))],
    ['Flags of every command:', ...definitionLines(GLOBAL_FLAGS.map((flag) => [flagTerm(flag), flagText(flag)]))],
    ['Exit codes:', ...definitionLines(EXIT_CODES.map(({ code, meaning }) => [String(code), meaning]))],
    ['Environment:', ...definitionLines(ENVIRONMENT.map(({ name, meaning }) => [name, meaning]))],
    [`Next: ${programName} COMMAND --help`],
  ]);
}

/** The help of a group: its commands. */
export function groupHelp(group: { readonly name: string; readonly summary: string }, programName: string): string {
  const specs = COMMANDS.filter((spec) => spec.name.startsWith(`${group.name} `));
  return page([
    wrapText(group.summary, { width: WIDTH }),
    [
      'Examples:',
      ...exampleLines(
        specs.flatMap((spec) => spec.examples.slice(0, 1)),
        programName,
      ),
    ],
    [`Usage: ${programName} ${group.name} COMMAND [flags]`],
    ['Commands:', ...definitionLines(specs.map((spec) => [usageName(spec), spec.summary]))],
    [`Next: ${programName} ${group.name} COMMAND --help`],
  ]);
}

/** The help of one command. */
export function commandHelp(spec: CommandSpec, programName: string): string {
  const globals = GLOBAL_FLAGS.filter((flag) => flag.name !== 'output' || spec.formats !== undefined);
  return page([
    wrapText(spec.summary, { width: WIDTH }),
    spec.description === undefined ? [] : wrapText(spec.description, { width: WIDTH }),
    ['Examples:', ...exampleLines(spec.examples, programName)],
    [`Usage: ${commandUsage(spec, programName)}`],
    spec.operand === undefined ? [] : definitionLines([[spec.operand.name, spec.operand.description]]),
    spec.flags.length === 0
      ? []
      : ['Flags:', ...definitionLines(spec.flags.map((flag) => [flagTerm(flag), flagText(flag)]))],
    ['Flags of every command:', ...definitionLines(globals.map((flag) => [flagTerm(flag), flagText(flag, spec)]))],
    wrapText(EXIT_CODES.map(({ code, meaning }) => `${code} ${meaning.split(/[:,]/)[0] ?? ''}`).join('; '), {
      width: WIDTH,
      first: 'Exit codes: ',
    }),
  ]);
}

/** `portolan lab run NAME [flags]`. */
export function commandUsage(spec: CommandSpec, programName: string): string {
  return `${programName} ${usageName(spec)} [flags]`;
}

/** `-o, --output FORMAT`. */
export function flagTerm(flag: FlagSpec): string {
  const short = flag.short === undefined ? '    ' : `-${flag.short}, `;
  return `${short}--${flag.name}${flag.value === undefined ? '' : ` ${flag.value}`}`;
}

/** What a flag does, with its default; a command narrows the formats. */
export function flagText(flag: FlagSpec, spec?: CommandSpec): string {
  const formats = flag.name === 'output' && spec?.formats !== undefined ? `: ${spec.formats.join(', ')}` : '';
  return `${flag.description}${formats}${flag.fallback === undefined ? '' : ` (default ${flag.fallback})`}`;
}

function usageName(spec: CommandSpec): string {
  return spec.operand === undefined ? spec.name : `${spec.name} ${spec.operand.name}`;
}

/** Side by side where that fits; else each with what it does above it, as in a script. */
function exampleLines(examples: readonly Example[], programName: string): string[] {
  const rows = examples.map(({ command, what }): [string, string] => [`${programName} ${command}`, what]);
  const lines = layoutColumns(rows, { indent: 2 });
  if (lines.every((line) => line.length <= WIDTH)) return lines;
  return rows.flatMap(([command, what]) => [`  # ${what}`, `  ${command}`]);
}

function definitionLines(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([term]) => term.length));
  return rows.flatMap(([term, text]) => wrapText(text, { width: WIDTH, first: `  ${term.padEnd(width)}  ` }));
}

function page(blocks: readonly (readonly string[])[]): string {
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n')}\n`;
}
