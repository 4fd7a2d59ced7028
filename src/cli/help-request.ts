// Finds the page that a plain request for help means, without parsing flags.
import { COMMANDS, GROUPS } from './command-specs.ts';
import { commandHelp, groupHelp, programHelp } from './help-text.ts';

/** The page for `--help`, `-h`, `help` or an empty line; undefined when the parser has to look. */
export function helpFor(words: readonly string[], programName: string): string | undefined {
  if (words.length === 0) return programHelp(programName);
  if (words[0] === 'help') return pageOf(words.slice(1), programName);
  const firstFlag = words.findIndex((word) => word.startsWith('-'));
  const isAsked = words.some(isHelpFlag);
  if (!isAsked || (firstFlag === 0 && !isHelpFlag(words[0]))) return undefined;
  return pageOf(words.slice(0, firstFlag), programName);
}

function pageOf(words: readonly string[], programName: string): string | undefined {
  const name = words.join(' ');
  if (name === '') return programHelp(programName);
  const spec = COMMANDS.find((command) => command.name === name);
  if (spec !== undefined) return commandHelp(spec, programName);
  const group = GROUPS.find((candidate) => candidate.name === name);
  return group === undefined ? undefined : groupHelp(group, programName);
}

function isHelpFlag(word: string | undefined): boolean {
  return word === '--help' || word === '-h';
}
