// Every line of the first screen unfolded: how it was measured, from which source, how sure it is and what weakens it.
import type { Diagnosis, PortSpaceVerdict } from '../core/analysis/diagnosis.ts';
import type { Confidence, Finding } from '../core/analysis/finding.ts';
import type { Gap } from '../core/model/gap.ts';
import { formatPortSpace } from '../core/model/port-space.ts';
import { protocolName } from '../core/model/protocol.ts';
import { searchSentence } from './behaviour-text.ts';
import { chooseRows } from './choose-rows.ts';
import { confidenceText, nextLine } from './diagnosis-footer.ts';
import { answerLines, type DiagnosisTableOptions } from './diagnosis-table.ts';
import { formatSeconds } from './duration-text.ts';
import { holderEvidence } from './holder-text.ts';
import type { SelectedDiagnosis } from './left-out.ts';
import { type Line, paintLines } from './line.ts';
import { formatLosses } from './loss-text.ts';
import { formatClaimInRange } from './claim-text.ts';
import { formatInteger } from './number-text.ts';
import { formatQuantity, quantityName } from './quantity-text.ts';
import { formatRule } from './rule-text.ts';
import { isCommand } from './remedy-text.ts';
import { checkPage, commandText, type Style } from './style.ts';
import { SEVERITY_ORDER, verdictLabel } from './words.ts';
import { wrapText } from './wrap-text.ts';

const CONFIDENCE: Readonly<Record<Confidence, string>> = {
  high: 'high: measured, and nothing that matters for it is missing',
  medium: 'medium: measured, but something it rests on is an estimate or is missing',
  low: 'low: an inference; something it needs could not be seen',
};

/** The first screen followed by the evidence for each of its lines. */
export function formatDiagnosisExplained(diagnosis: SelectedDiagnosis, options: DiagnosisTableOptions): string {
  const { style } = options;
  const spaces = chooseRows(diagnosis, options.top).shown;
  const lines = [
    ...answerLines(diagnosis, options),
    ...diagnosis.findings.flatMap((finding) =>
      findingLines(`${verdictLabel(finding.check)}, this node`, finding, { diagnosis, style }),
    ),
    ...spaces.flatMap((space) => spaceLines(space, { diagnosis, style })),
    ...kernelLines(diagnosis, style),
    ...bullets(
      'The rules that decide the range',
      [...rangeNotes(diagnosis), ...diagnosis.rules.map(formatRule)],
      style,
    ),
    ...bullets('Lost packets', lossEvidence(diagnosis), style),
    ...bullets(
      'Ports that others claim inside the range',
      diagnosis.claims.map((claim) => `${formatClaimInRange(claim)} (seen in ${claim.claim.source})`),
      style,
    ),
    ...bullets(
      'Not seen',
      diagnosis.gaps.map((gap) => gapSentence(gap, style)),
      style,
    ),
    { text: '' },
    { text: confidenceText(diagnosis) },
    nextAfterEvidence(diagnosis, style),
  ];
  return paintLines(lines, style.palette);
}

/** The evidence is on the screen: what is left is the page of the worst finding, and its remedy when that can be typed. */
function nextAfterEvidence(diagnosis: Diagnosis, style: Style): Line {
  const isThisPage = /^portolan diagnose .*--explain/.test(diagnosis.next);
  if (!isThisPage) return nextLine(diagnosis, style);
  const all = [...diagnosis.findings, ...diagnosis.portSpaces.flatMap((space) => space.findings)];
  const [worst] = SEVERITY_ORDER.flatMap((severity) => all.filter((finding) => finding.severity === severity));
  const remedy = worst?.remedy !== undefined && isCommand(worst.remedy) ? [commandText(worst.remedy, style)] : [];
  const next = [...remedy, `read ${checkPage(worst?.check ?? 'fine', style)}`];
  return { text: `Next: ${next.join(', or ')}`, tone: 'strong' };
}

interface ExplainContext {
  readonly diagnosis: Diagnosis;
  readonly style: Style;
}

function spaceLines(space: PortSpaceVerdict, context: ExplainContext): Line[] {
  const name = formatPortSpace(space.portSpace, protocolName(space.portSpace.protocol));
  return [
    ...space.findings.flatMap((finding) => findingLines(`${verdictLabel(finding.check)}, ${name}`, finding, context)),
    ...bullets(`Who holds ports of ${name}`, holderEvidence(space), context.style),
  ];
}

function findingLines(title: string, finding: Finding, { diagnosis, style }: ExplainContext): Line[] {
  const numbers = Object.entries(finding.numbers).map(
    ([key, quantity]) => `${quantityName(key)}: ${formatQuantity(key, quantity)} (from ${quantity.source})`,
  );
  const weakened = finding.gaps.map((id) => diagnosis.gaps.find((gap) => gap.id === id)?.what ?? id);
  const items = [
    finding.sentence,
    ...finding.because.map((reason) => `because: ${reason}`),
    ...numbers,
    `confidence ${CONFIDENCE[finding.confidence]}${finding.confidenceReason === undefined ? '' : `: ${finding.confidenceReason}`}`,
    ...(weakened.length === 0 ? [] : [`weakened by what was not seen: ${weakened.join('; ')}`]),
    `more: ${checkPage(finding.check, style)}`,
  ];
  return bullets(title, items, style);
}

function kernelLines({ behaviour }: Diagnosis, style: Style): Line[] {
  const closing = {
    yes: 'gives the port of a closing connection to a new one',
    no: 'never gives the port of a closing connection to a new one before its time is up',
    unknown: 'may or may not give the port of a closing connection to a new one: it was not tried',
  };
  const items = [
    closing[behaviour.evictsClosing],
    searchSentence(behaviour),
    ...behaviour.evidence.map((text) => `seen: ${text}`),
  ];
  return bullets(`What kernel ${behaviour.release} does`, items, style);
}

/** What the flows said where the rules alone did not settle the range. */
function rangeNotes({ ranges, portSpaces }: Diagnosis): string[] {
  const notes = [...ranges, ...portSpaces].map(({ effective }) => effective.note ?? '');
  return [...new Set(notes)].filter((note) => note !== '');
}

function lossEvidence({ losses, counters }: Diagnosis): string[] {
  const said = formatLosses(losses);
  if (counters === undefined) return [said];
  const chain = counters.chainTooLong ?? 0;
  const deltas = `insert_failed +${formatInteger(counters.insertFailed)}, drop +${formatInteger(counters.drop)}, found +${formatInteger(counters.found)}, chaintoolong +${formatInteger(chain)} in ${formatSeconds(counters.seconds)}`;
  return [
    said,
    `counted by the kernel: ${deltas}`,
    'insert_failed without chaintoolong is lost to SNAT; drop beyond that is lost to a full table; only the growth counts, never the absolute values',
  ];
}

function gapSentence(gap: Gap, style: Style): string {
  const remedy = gap.remedy === undefined ? '' : `; to see it: ${commandText(gap.remedy, style)}`;
  return `${gap.what} (${gap.why}); weakens ${gap.weakens}${remedy}`;
}

function bullets(title: string, items: readonly string[], style: Style): Line[] {
  if (items.length === 0) return [];
  const lines = items.flatMap((item) => wrapText(item, { width: style.width, first: '  - ' }));
  return [{ text: '' }, { text: title, tone: 'strong' }, ...lines.map((text) => ({ text }))];
}
