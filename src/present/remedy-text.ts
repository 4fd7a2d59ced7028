// What helps, in a form that can be copied: a command stays on one line however long it is, advice is wrapped.
import { commandText, type Style } from './style.ts';
import { wrapText } from './wrap-text.ts';

const COMMAND = /^(?:sudo|portolan|calicoctl|kubectl|sysctl|ip|nft) /;

/** Whether the remedy can be typed as it is. */
export function isCommand(remedy: string): boolean {
  return COMMAND.test(remedy);
}

/** Lines that start with `what helps: ` at the given indentation; none without a remedy. */
export function remedyLines(remedy: string | undefined, { style, indent }: { style: Style; indent: number }): string[] {
  if (remedy === undefined) return [];
  const first = `${' '.repeat(indent)}what helps: `;
  const text = commandText(remedy, style);
  return isCommand(remedy) ? [first + text] : wrapText(text, { width: style.width, first, indent });
}
