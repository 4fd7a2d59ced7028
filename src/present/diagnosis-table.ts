// The first screen for one node: worst first, the answer before the evidence, the next command last.
import type { Diagnosis, PortSpaceVerdict } from '../core/analysis/diagnosis.ts';
import type { Finding } from '../core/analysis/finding.ts';
import { formatInteger } from './number-text.ts';
import { plainBehaviour } from './behaviour-text.ts';
import { footerLines, nextLine } from './diagnosis-footer.ts';
import { type ChosenRows, chooseRows } from './choose-rows.ts';
import { formatLeftOut, type SelectedDiagnosis } from './left-out.ts';
import { type Line, paintLines } from './line.ts';
import { nodeFindingStanza } from './node-finding-stanza.ts';
import { headColumns, portSpaceStanza, type StanzaOptions } from './port-space-stanza.ts';
import { formatQuiet } from './quiet-text.ts';
import { formatRanges } from './range-text.ts';
import type { Style } from './style.ts';
import { SEVERITY_ORDER, verdictLabel } from './words.ts';
import { wrapSegments, wrapText } from './wrap-text.ts';

export interface DiagnosisTableOptions {
  readonly style: Style;
  /** How many port spaces get a row. */
  readonly top: number;
  /** True when the node is gone: no hint how to see more of it. */
  readonly isOver?: boolean;
}

/** The diagnosis as one screen of text. */
export function formatDiagnosisTable(diagnosis: SelectedDiagnosis, options: DiagnosisTableOptions): string {
  return paintLines(
    [
      ...answerLines(diagnosis, options),
      { text: '' },
      ...footerLines(diagnosis, options.style),
      { text: '' },
      nextLine(diagnosis, options.style),
    ],
    options.style.palette,
  );
}

/** Header and rows, without what follows them. */
export function answerLines(
  diagnosis: SelectedDiagnosis,
  { style, top, isOver = false }: DiagnosisTableOptions,
): Line[] {
  const rows = chooseRows(diagnosis, top);
  const { shown } = rows;
  const findings = worthALine(diagnosis);
  const labelWidth = labelWidthOf(shown, findings);
  const options = {
    style,
    labelWidth,
    columnWidths: columnWidthsOf(shown, style.width - labelWidth),
    evictsClosing: diagnosis.behaviour.evictsClosing,
  };
  return [
    ...headerLines(diagnosis, style),
    { text: '' },
    ...rowsWorstFirst(shown, findings, options),
    ...restLines(diagnosis, rows, { style, isOver }),
  ];
}

/** Node and kernel and range: what the rows are about. */
export function headerLines(diagnosis: Diagnosis, style: Style): Line[] {
  const segments = [
    diagnosis.node,
    addressText(diagnosis),
    plainBehaviour(diagnosis.behaviour),
    ...formatRanges(diagnosis),
  ];
  return wrapSegments(segments, { width: style.width, indent: 2 }).map((text, index) =>
    index === 0 ? { text, tone: 'strong', tonedCharacters: diagnosis.node.length } : { text },
  );
}

/** Addresses that SNAT uses first. Loopback and link-local addresses never leave the node, so they say nothing about it. */
function addressText({ addresses: all, portSpaces }: Diagnosis): string {
  const local = all.filter((address) => !/^(?:127\.|::1$|fe[89ab])/.test(address));
  const addresses = [...new Set([...portSpaces.map(({ portSpace }) => portSpace.snatAddress), ...local])];
  const shown = addresses.slice(0, 2).join(', ');
  return addresses.length <= 2 ? shown : `${shown} and ${addresses.length - 2} more`;
}

/** Harmless claims are listed below the rows already. */
function worthALine({ findings, claims }: Diagnosis): Finding[] {
  const isListed = ({ check, severity }: Finding): boolean =>
    check === 'conflict' && severity === 'info' && claims.length > 0;
  return findings.filter((finding) => finding.severity !== 'ok' && !isListed(finding));
}

function labelWidthOf(spaces: readonly PortSpaceVerdict[], findings: readonly Finding[]): number {
  const checks = [
    ...spaces.map((space) => space.findings[0]?.check ?? 'fine'),
    ...findings.map((finding) => finding.check),
  ];
  return Math.max(0, ...checks.map((check) => verdictLabel(check).length)) + 2;
}

/** Columns line up only while the loss still fits beside them; else each row is as wide as it is. */
function columnWidthsOf(spaces: readonly PortSpaceVerdict[], room: number): [number, number] {
  const columns = spaces.map(headColumns);
  const name = Math.max(0, ...columns.map(([text]) => text.length));
  const used = Math.max(0, ...columns.map(([, text]) => text.length));
  return name + used + 'next connection lost: 1 in 1,000'.length + 6 <= room ? [name, used] : [0, 0];
}

function rowsWorstFirst(
  spaces: readonly PortSpaceVerdict[],
  findings: readonly Finding[],
  options: StanzaOptions,
): Line[] {
  return SEVERITY_ORDER.flatMap((severity) => [
    ...findings
      .filter((finding) => finding.severity === severity)
      .flatMap((finding) => nodeFindingStanza(finding, options)),
    ...spaces
      .filter((space) => space.severity === severity)
      .flatMap((space, index, equals) => portSpaceStanza(space, { ...options, above: equals[index - 1]?.findings[0] })),
  ]);
}

/** What got no row: cut by --top, or quiet. */
function restLines(diagnosis: SelectedDiagnosis, rows: ChosenRows, options: RestOptions): Line[] {
  const { style } = options;
  return [
    ...cutLines(rows, options),
    ...leftOutLines(diagnosis, style),
    ...quietLines({ ...diagnosis, quiet: rows.rest }, style),
  ];
}

interface RestOptions {
  readonly style: Style;
  /** The node is gone when this is read: no command that would look at it again. */
  readonly isOver: boolean;
}

function leftOutLines({ leftOut = [] }: SelectedDiagnosis, style: Style): Line[] {
  return leftOut.flatMap((item) =>
    wrapText(formatLeftOut(item), { width: style.width, first: `${style.symbols.unknown} `, indent: 2 }).map(
      (text, index): Line => (index === 0 ? { text, tone: 'unknown', tonedCharacters: 1 } : { text }),
    ),
  );
}

function cutLines({ shown, cut }: ChosenRows, { style, isOver }: RestOptions): Line[] {
  const worst = cut[0];
  if (worst === undefined) return [];
  const command = isOver ? '' : `   (--top ${shown.length + cut.length} lists ${cut.length === 1 ? 'it' : 'them'})`;
  const text = `${style.symbols[worst.severity]} ${formatInteger(cut.length)} more port space${cut.length === 1 ? '' : 's'}, the worst: ${verdictLabel(worst.findings[0]?.check ?? 'fine').toLowerCase()}${command}`;
  return wrapText(text, { width: style.width, indent: 2 }).map((line, index) =>
    index === 0 ? { text: line, tone: worst.severity, tonedCharacters: 1 } : { text: line },
  );
}

function quietLines(diagnosis: SelectedDiagnosis, style: Style): Line[] {
  const { quiet, portSpaces, findings, gaps, totals, leftOut = [] } = diagnosis;
  if (quiet.count > 0) {
    const text = `${style.symbols.ok} ${formatQuiet(quiet, { areOthers: portSpaces.length > 0 || leftOut.length > 0 })}`;
    return [{ text, tone: 'ok', tonedCharacters: 1 }];
  }
  if (portSpaces.length > 0 || findings.some((finding) => finding.severity === 'unknown')) return [];
  if (gaps.some((gap) => gap.id === 'flows' || gap.id === 'conntrack-absent'))
    return [{ text: `${style.symbols.unknown} no port space could be read`, tone: 'unknown', tonedCharacters: 1 }];
  return totals.flows > 0
    ? []
    : [{ text: `${style.symbols.ok} no SNAT port in use right now`, tone: 'ok', tonedCharacters: 1 }];
}
