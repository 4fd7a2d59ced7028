// Sorts what commander left over into operands and flags that nobody knows.
import type { CommandSpec } from './command-spec.ts';
import { GLOBAL_FLAGS } from './command-specs.ts';
import { didYouMean } from './flags/suggestion.ts';

export interface RestOfLine {
  readonly operands: readonly string[];
  /** One sentence per unknown flag. */
  readonly problems: readonly string[];
}

/** A word after an unknown flag counts as that flag's value, unless the command needs an operand. */
export function sortRest(rest: readonly string[], spec: CommandSpec): RestOfLine {
  const operands: string[] = [];
  const problems: string[] = [];
  let isValue = false;
  for (const word of rest) {
    if (word.startsWith('-') && word !== '-') {
      problems.push(unknownFlag(word, spec));
      isValue = (spec.operand === undefined || spec.operand.isList === true) && !word.includes('=');
    } else if (isValue) {
      isValue = false;
    } else {
      operands.push(word);
    }
  }
  return { operands, problems };
}

function unknownFlag(word: string, spec: CommandSpec): string {
  const given = word.split('=')[0] ?? word;
  const known = [...spec.flags, ...GLOBAL_FLAGS].map((flag) => `--${flag.name}`);
  return `Cannot read ${given}: no such flag, wanted one of "${spec.name} --help"${didYouMean(given, known)}`;
}
