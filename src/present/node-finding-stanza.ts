// What a check says about the node as a whole: a full table, a conflict, rules in the wrong order, something not seen.
import type { Finding } from '../core/analysis/finding.ts';
import type { Line } from './line.ts';
import { sentenceWithNumbers } from './quantity-text.ts';
import { remedyLines } from './remedy-text.ts';
import type { Style } from './style.ts';
import { verdictLabel } from './words.ts';
import { wrapText } from './wrap-text.ts';

/** The lines of one finding: the sentence with its numbers, then what helps. */
export function nodeFindingStanza(finding: Finding, options: { style: Style; labelWidth: number }): Line[] {
  const { style, labelWidth } = options;
  const label = `${style.symbols[finding.severity]} ${verdictLabel(finding.check)}`;
  const sentence = sentenceWithNumbers(finding);
  const first = wrapText(sentence, { width: style.width, first: `${label.padEnd(labelWidth)}  ` });
  const helps = remedyLines(finding.remedy, { style, indent: labelWidth + 2 });
  return [
    ...first.map((text, index) =>
      index === 0 ? { text, tone: finding.severity, tonedCharacters: label.length } : { text },
    ),
    ...helps.map((text) => ({ text })),
  ];
}
