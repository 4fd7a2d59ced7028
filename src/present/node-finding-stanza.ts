// What a check says about the node as a whole: a full table, a conflict, rules in the wrong order, something not seen.
import type { Finding } from '../core/analysis/finding.ts';
import type { Line } from './line.ts';
import { formatQuantities } from './quantity-text.ts';
import { commandText, type Style } from './style.ts';
import { verdictLabel } from './words.ts';
import { wrapText } from './wrap-text.ts';

/** The lines of one finding: the sentence with its numbers, then what helps. */
export function nodeFindingStanza(finding: Finding, options: { style: Style; labelWidth: number }): Line[] {
  const { style, labelWidth } = options;
  const label = `${style.symbols[finding.severity]} ${verdictLabel(finding.check)}`;
  const numbers = formatQuantities(finding);
  const sentence = numbers === '' ? finding.sentence : `${finding.sentence} (${numbers})`;
  const first = wrapText(sentence, { width: style.width, first: `${label.padEnd(labelWidth)}  ` });
  const helps =
    finding.remedy === undefined
      ? []
      : wrapText(commandText(finding.remedy, style), {
          width: style.width,
          first: `${' '.repeat(labelWidth + 2)}what helps: `,
          indent: labelWidth + 2,
        });
  return [
    ...first.map((text, index) =>
      index === 0 ? { text, tone: finding.severity, tonedCharacters: label.length } : { text },
    ),
    ...helps.map((text) => ({ text })),
  ];
}
