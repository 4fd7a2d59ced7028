// docs/reference/cli.md, made from the command specs, so that it cannot say anything else than the program does.
import { OUTPUT_FORMATS } from '../command-spec.ts';
import type { CommandSpec, FlagSpec } from '../command-spec.ts';
import { COMMANDS, ENVIRONMENT, GLOBAL_FLAGS } from '../command-specs.ts';
import { EXIT_CODES } from '../exit-code.ts';
import { commandUsage, flagTerm, flagText, PROGRAM_SUMMARY } from '../help-text.ts';

const PROGRAM_NAME = 'portolan';

/** The whole page. */
export function generateCliReference(): string {
  const blocks = [
    '# The command line',
    '<!-- Made from src/cli/command-specs.ts: change it there, then npm run reference -->',
    `${PROGRAM_SUMMARY}.`,
    'Installed as `portolan` and as the kubectl plugin `kubectl snat` (`kubectl-snat`): the same commands, spelled `kubectl snat ...` in all output.',
    'Data goes to stdout, messages and progress to stderr; progress is shown on a terminal only. Flags may stand before or after the command. What is wrong with a line is said at once, one line each: what was given and what is wanted.',
    ...COMMANDS.flatMap(commandBlocks),
    '## Flags of every command',
    flagTable(GLOBAL_FLAGS),
    `Formats: ${OUTPUT_FORMATS.map((format) => `\`${format}\``).join(', ')}; each command names those it has. JSON and YAML carry a \`schema\` id, the same keys in the same order whatever was seen, units in the names of numbers, and \`null\` for what is not known.`,
    'Tables are as wide as the terminal (60 to 120 columns), 100 columns where there is none; `wide` is as wide as it needs to be.',
    '## Exit codes',
    table(
      ['Code', 'Meaning'],
      EXIT_CODES.map(({ code, meaning }) => [String(code), meaning]),
    ),
    '`lab run` exits 0 when the diagnosis is the one the scenario must get, and 1 when not; with `--range` the verdict is not compared and it exits 0. `exam` exits 1 on any wrong verdict. `lab shell` exits with the code of the shell.',
    '## Environment',
    table(
      ['Variable', 'Meaning'],
      ENVIRONMENT.map(({ name, meaning }) => [`\`${name}\``, meaning]),
    ),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function commandBlocks(spec: CommandSpec): string[] {
  const operand = spec.operand === undefined ? [] : [`\`${spec.operand.name}\`: ${spec.operand.description}.`];
  const flags = spec.flags.length === 0 ? [] : [flagTable(spec.flags)];
  const formats = spec.formats === undefined ? [] : [`\`-o\`: ${spec.formats.join(', ')}.`];
  const description = spec.description === undefined ? [] : [spec.description];
  const examples = spec.examples.map(({ command, what }) => `# ${what}\n${PROGRAM_NAME} ${command}`).join('\n');
  return [
    `## ${PROGRAM_NAME} ${spec.name}`,
    `${spec.summary}.`,
    ...description,
    `\`\`\`\n${commandUsage(spec, PROGRAM_NAME)}\n\`\`\``,
    ...operand,
    ...flags,
    ...formats,
    `\`\`\`sh\n${examples}\n\`\`\``,
  ];
}

function flagTable(flags: readonly FlagSpec[]): string {
  return table(
    ['Flag', 'What it does'],
    flags.map((flag) => [`\`${flagTerm(flag).trim()}\``, `${flagText(flag)}${choicesOf(flag)}`]),
  );
}

function choicesOf({ choices, isList }: FlagSpec): string {
  return choices === undefined || isList !== true ? '' : `: ${choices.join(', ')}`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, header.map(() => '---'), ...rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))];
  return lines.map((row) => `| ${row.join(' | ')} |`).join('\n');
}
