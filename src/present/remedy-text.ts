// What helps, in a form that can be copied: a command stays on one line however long it is, advice is wrapped.
import { commandText, type Style } from './style.ts';
import { wrapText } from './wrap-text.ts';

const COMMAND = /^(?:(?:sudo|portolan|calicoctl|kubectl|sysctl|ip|nft) |\(date; )/;

/** Between advice and the command that is the second choice. */
const OR_COMMAND = '; or: ';

/** Whether the remedy can be typed as it is. */
export function isCommand(remedy: string): boolean {
  return COMMAND.test(remedy);
}

/** Lines that start with `what helps: ` at the given indentation; none without a remedy. */
export function remedyLines(remedy: string | undefined, options: { style: Style; indent: number }): string[] {
  if (remedy === undefined) return [];
  const split = remedy.lastIndexOf(OR_COMMAND);
  if (split < 0) return choiceLines('what helps: ', remedy, options);
  return [
    ...choiceLines('what helps: ', remedy.slice(0, split), options),
    ...choiceLines('or: ', remedy.slice(split + OR_COMMAND.length), options),
  ];
}

function choiceLines(label: string, choice: string, { style, indent }: { style: Style; indent: number }): string[] {
  const first = `${' '.repeat(indent)}${label}`;
  const text = commandText(choice, style);
  return isCommand(choice) ? [first + text] : wrapText(text, { width: style.width, first, indent });
}
