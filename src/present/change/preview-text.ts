// The page that a person says yes or no to: what is written where, who restarts, in which order, what to know before.
import type { ChangePreview, PreviewRow } from '../../core/advice/change/change-preview.ts';
import { objectTitle } from '../../core/advice/change/change.ts';
import { batchText } from './step-text.ts';
import type { WriteRemark } from '../../core/analysis/range-write.ts';
import { type Line, paintLines } from '../line.ts';
import { formatCount } from '../number-text.ts';
import type { Style } from '../style.ts';
import { wrapText } from '../wrap-text.ts';

/** Each batch of a long course has the same size but the last. */
const NAMES_SHOWN = 3;

export function formatPreview(preview: ChangePreview, style: Style): string {
  const lines: Line[] = [
    ...preview.lasting.slice(0, NAMES_SHOWN).flatMap((row) => rowLines(row, preview.layer)),
    ...moreLine(preview.lasting.length - NAMES_SHOWN, 'object'),
    ...preview.risks.flatMap((risk) => plain(risk, style)),
    ...courseLines(preview, style),
    ...preview.keeping
      .slice(0, NAMES_SHOWN)
      .flatMap(({ node, place }) => plain(`${node} keeps its own: ${place}`, style)),
    ...moreLine(preview.keeping.length - NAMES_SHOWN, 'node'),
    ...preview.remarks
      .filter((remark) => !isProvedLater(remark, preview))
      .flatMap((remark) => remarkLines(remark, preview, style)),
  ];
  return paintLines(lines, style.palette);
}

function rowLines({ object, isNew, fields }: PreviewRow, layer: string): Line[] {
  const title =
    object.ref.kind === 'FelixConfiguration' ? objectTitle(object.ref).replace(' ', '/') : objectTitle(object.ref);
  const made = isNew ? ' (made)' : '';
  return fields.flatMap(({ path, from, to, items }): Line[] => {
    const what = items === undefined ? `${path}: ${from} -> ${to}` : path;
    return [
      { text: `${title}${made}  ${what}     (${layer})`, tone: 'strong', tonedCharacters: title.length },
      ...(items?.removed ?? []).map((item) => ({ text: `  - ${item}` })),
      ...(items?.added ?? []).map((item) => ({ text: `  + ${item}` })),
    ];
  });
}

function courseLines({ batches, lasting, nodes, verify }: ChangePreview, style: Style): Line[] {
  const last = lasting[0];
  if (last === undefined) return [];
  if (last.object.ref.kind !== 'FelixConfiguration')
    return plain('Its rollout is waited for; if it does not end within --timeout, everything is taken back.', style);
  const level =
    verify === 'none'
      ? 'Nothing is verified.'
      : `Each is verified (${verify}) before the next; a failure takes everything back.`;
  const course = batchText({ batches, nodes, object: last.object.ref.name, isPerNode: lasting.length > 1 });
  return plain(`${course} ${level}`, style);
}

/** A layer that nobody read may rule: whether the write does something is seen on the canary, by the rules of its kernel. */
function isProvedLater({ id }: WriteRemark, { verify }: ChangePreview): boolean {
  return id === 'layer-not-read' && verify === 'rules';
}

function remarkLines(remark: WriteRemark, { accepted }: ChangePreview, style: Style): Line[] {
  const { severity, sentence, remedy, conflict } = remark;
  const isAccepted = conflict !== undefined && accepted.includes(conflict);
  const isRefusal = severity === 'refusal' && !isAccepted;
  const mark = isRefusal ? style.symbols.critical : style.symbols.warning;
  const how = conflict === undefined ? remedy : `${remedy ?? 'or'}: --accept-conflict ${conflict}`;
  const tail = isAccepted ? ' (accepted)' : how === undefined ? '' : ` (${how})`;
  return wrapText(`${sentence}${tail}`, { width: style.width, first: `${mark} `, indent: 2 }).map((text, index) =>
    index === 0 ? { text, tone: isRefusal ? 'critical' : 'warning', tonedCharacters: 1 } : { text },
  );
}

function plain(text: string, style: Style): Line[] {
  return wrapText(text, { width: style.width }).map((line) => ({ text: line }));
}

function moreLine(count: number, noun: string): Line[] {
  return count > 0 ? [{ text: `and ${formatCount(count, `more ${noun}`)}` }] : [];
}
