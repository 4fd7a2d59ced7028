// What holds for the whole node, below the rows: losses, table, claims, what was not seen, how sure, what to type next.
import type { Diagnosis } from '../core/analysis/diagnosis.ts';
import type { Gap } from '../core/model/gap.ts';
import { claimLines } from './claim-lines.ts';
import { attributionText } from './holder-text.ts';
import type { Line } from './line.ts';
import { formatLosses } from './loss-text.ts';
import { formatCount, formatInteger } from './number-text.ts';
import { formatShare } from './share-text.ts';
import { commandText, type Style } from './style.ts';
import { lowestConfidence } from './words.ts';
import { wrapText } from './wrap-text.ts';

const GAPS_SHOWN = 3;
const TABLE_WORTH_A_LINE = 0.7;

/** The lines after the rows, without the closing `Next:`. */
export function footerLines(diagnosis: Diagnosis, style: Style): Line[] {
  return [
    ...plain(formatLosses(diagnosis.losses), style),
    ...tableLines(diagnosis, style),
    ...claimLines(diagnosis.claims, style),
    ...gapLines(diagnosis.gaps, style),
    ...readByLines(diagnosis),
    ...plain(confidenceText(diagnosis), style),
  ];
}

/** The last line of every diagnosis. */
export function nextLine(diagnosis: Diagnosis, style: Style): Line {
  return { text: `Next: ${commandText(diagnosis.next, style)}`, tone: 'strong' };
}

function plain(text: string, style: Style): Line[] {
  return wrapText(text, { width: style.width, indent: 2 }).map((line) => ({ text: line }));
}

/** Only of a node of a cluster: there are two ways to one. */
function readByLines({ readBy }: Diagnosis): Line[] {
  if (readBy === undefined) return [];
  return [{ text: readBy === 'agent' ? 'Read by its agent.' : 'Read by exec into a pod there.' }];
}

function tableLines({ table }: Diagnosis, style: Style): Line[] {
  if (table === undefined || table.max === 0 || table.count / table.max < TABLE_WORTH_A_LINE) return [];
  const { count, max } = table;
  return plain(
    `Conntrack table: ${formatInteger(count)} of ${formatInteger(max)} entries (${formatShare(count / max)})`,
    style,
  );
}

function gapLines(gaps: readonly Gap[], style: Style): Line[] {
  const shown = gaps.slice(0, GAPS_SHOWN);
  const rest = gaps.length - shown.length;
  const lines = shown.flatMap((gap) =>
    wrapText(`${gap.what} (${gap.why}); weakens ${gap.weakens}`, {
      width: style.width,
      first: 'Not seen: ',
      indent: 10,
    }).map((text) => ({ text })),
  );
  return rest === 0
    ? lines
    : [
        ...lines,
        ...plain(`Not seen: ${formatCount(rest, 'more thing')} (--explain lists ${rest === 1 ? 'it' : 'them'})`, style),
      ];
}

/** How sure the verdicts are: as sure as the least sure of those that complain, else of all. */
export function confidenceText(diagnosis: Diagnosis): string {
  const all = [...diagnosis.portSpaces.flatMap((space) => space.findings), ...diagnosis.findings];
  const loud = all.filter((finding) => finding.severity === 'critical' || finding.severity === 'warning');
  const judged = loud.length === 0 ? all : loud;
  const confidence = lowestConfidence(judged);
  const reason = judged.find((finding) => finding.confidence === confidence)?.confidenceReason;
  const { gaps } = diagnosis;
  const seen =
    gaps.length > 0 ? `${formatCount(gaps.length, 'thing')} not seen` : (reason ?? 'nothing was out of sight');
  const said = [seen, attributionText(diagnosis.attribution)].filter((text) => text !== '').join('; ');
  return confidence === undefined ? `${said[0]?.toUpperCase()}${said.slice(1)}` : `Confidence: ${confidence}; ${said}`;
}
