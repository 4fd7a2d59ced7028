// One port space on the first screen: the verdict and its figures on one line, then why, how much, who and what helps.
import type { PortSpaceVerdict } from '../core/analysis/diagnosis.ts';
import type { Finding } from '../core/analysis/finding.ts';
import type { Answer } from '../core/model/kernel-behaviour.ts';
import { formatPortSpace } from '../core/model/port-space.ts';
import { protocolName } from '../core/model/protocol.ts';
import { whoText } from './holder-text.ts';
import type { Line } from './line.ts';
import { arrivals, forecast, heldPorts, nextLost, usedPorts } from './port-space-text.ts';
import { sentenceWithNumbers } from './quantity-text.ts';
import { remedyLines } from './remedy-text.ts';
import type { Style } from './style.ts';
import { verdictLabel } from './words.ts';
import { wrapSegments, wrapText } from './wrap-text.ts';

export interface StanzaOptions {
  readonly style: Style;
  /** Width of the column of marks and verdict names. */
  readonly labelWidth: number;
  /** Width of the port-space and ports-used columns, so that rows line up. */
  readonly columnWidths: readonly [number, number];
  readonly evictsClosing: Answer;
  /** What the row right above says: the same is not said twice. */
  readonly above?: Finding | undefined;
}

const SOURCES_SHOWN = 3;

/** The lines of one port space. A space that is fine takes one line. */
export function portSpaceStanza(verdict: PortSpaceVerdict, options: StanzaOptions): Line[] {
  const main = verdict.findings[0];
  const head = headLines(verdict, options);
  if (main === undefined || verdict.severity === 'ok') return head;
  return [
    ...head,
    ...detailLines(verdict, main, options),
    ...verdict.findings.slice(1).flatMap((finding) => alsoLines(finding, options)),
  ];
}

/** The name of the port space and how many of its ports are used: the two columns that line up over all rows. */
export function headColumns(verdict: PortSpaceVerdict): [string, string] {
  return [formatPortSpace(verdict.portSpace, protocolName(verdict.portSpace.protocol)), usedPorts(verdict)];
}

function headLines(
  verdict: PortSpaceVerdict,
  { style, labelWidth, columnWidths, evictsClosing }: StanzaOptions,
): Line[] {
  const check = verdict.findings[0]?.check ?? 'fine';
  const label = `${style.symbols[verdict.severity]} ${verdictLabel(check)}`;
  const columns = headColumns(verdict).map((text, index) => text.padEnd(columnWidths[index] ?? 0));
  const first = `${label.padEnd(labelWidth)}  `;
  const texts = wrapSegments([...columns, nextLost(verdict, evictsClosing)], { width: style.width, first });
  return texts.map((text, index) =>
    index === 0 ? { text, tone: verdict.severity, tonedCharacters: label.length } : { text },
  );
}

function detailLines(
  verdict: PortSpaceVerdict,
  main: Finding,
  { style, labelWidth, evictsClosing, above }: StanzaOptions,
): Line[] {
  const indent = ' '.repeat(labelWidth + 2);
  const paragraph = (text: string): Line[] =>
    text === '' ? [] : wrapText(text, { width: style.width, first: indent }).map((line) => ({ text: line }));
  const figures = [heldPorts(verdict, evictsClosing), arrivals(verdict), forecast(verdict)].filter(
    (text) => text !== '',
  );
  const remedy = main.remedy !== undefined && main.remedy === above?.remedy ? 'same as above' : main.remedy;
  const who = whoText(verdict, SOURCES_SHOWN);
  return [
    ...paragraph(main.sentence === above?.sentence ? '' : main.sentence),
    ...paragraph(figures.join('; ')),
    ...paragraph(who === '' ? '' : `who: ${who}`),
    ...remedyLines(remedy, { style, indent: labelWidth + 2 }).map((text) => ({ text })),
  ];
}

function alsoLines(finding: Finding, { style, labelWidth }: StanzaOptions): Line[] {
  if (finding.severity === 'ok') return [];
  const mark = `${style.symbols[finding.severity]} ${verdictLabel(finding.check)}`;
  const first = `${' '.repeat(labelWidth + 2)}also ${mark}: `;
  const sentence = sentenceWithNumbers(finding);
  return wrapText(sentence, { width: style.width, first, indent: labelWidth + 4 }).map((text) => ({ text }));
}
