// The installed source-NAT rules in the order the kernel tries them: the first that matches decides.
import type { Gap } from '../core/model/gap.ts';
import type { NatRule, NatRules } from '../core/model/nat-rule.ts';
import { formatRange } from '../core/model/port-range.ts';
import type { Reading } from '../core/model/reading.ts';
import { layoutColumns } from './column-layout.ts';
import { type Line, paintLines } from './line.ts';
import { formatInteger } from './number-text.ts';
import { formatMatch, formatPlace, formatTarget } from './rule-text.ts';
import { commandText, type Style } from './style.ts';
import { ownerName } from '../core/model/owner-name.ts';
import { wrapText } from './wrap-text.ts';

const HEADER = ['ORDER', 'OWNER', 'FOR', 'ACTION', 'PORTS', 'NEW FLOWS', 'MATCH'];
const RIGHT = [0, 5];
/** A narrower column for what a rule tests would be a ribbon: it goes below the row instead. */
const NARROWEST_MATCH = 24;

/** One row per rule; `wide` adds where each rule sits. */
export function formatRules(reading: Reading<NatRules>, options: { style: Style; wide: boolean }): string {
  const { style, wide } = options;
  const rules = reading.value.sourceNat;
  const table = rules.length === 0 ? [] : wide ? wideTable(rules) : fittingTable(rules, style.width);
  const lines: Line[] = [
    ...table.map((text) => ({ text })),
    ...gapLines(reading, style),
    { text: closing(reading, options) },
  ];
  return paintLines(lines, style.palette);
}

function wideTable(rules: readonly NatRule[]): string[] {
  return layoutColumns([[...HEADER, 'PLACE'], ...rules.map((rule) => [...ruleRow(rule), formatPlace(rule)])], {
    right: RIGHT,
  });
}

/** Everything but the match keeps its column; the match is wrapped beside them, or below where too little room is left. */
function fittingTable(rules: readonly NatRule[], width: number): string[] {
  const rows = [HEADER, ...rules.map(ruleRow)];
  const heads = layoutColumns(
    rows.map((row) => row.slice(0, -1)),
    { right: RIGHT },
  );
  const column = Math.max(...heads.map((head) => head.length)) + 2;
  const room = width - column;
  const isBeside = room >= NARROWEST_MATCH && rows.every((row) => (row.at(-1) ?? '').length <= 2 * room);
  return rows.flatMap((row, index) => {
    const head = heads[index] ?? '';
    const match = row.at(-1) ?? '';
    return isBeside
      ? wrapText(match, { width, first: head.padEnd(column) })
      : [head, ...wrapText(match, { width, first: ' '.repeat(7) })];
  });
}

function ruleRow(rule: NatRule): string[] {
  const { action } = rule;
  const translates = action.kind === 'masquerade' || action.kind === 'snat';
  const ports = translates ? (action.range === undefined ? 'any' : formatRange(action.range)) : '-';
  const random = translates && action.random !== 'none' ? ` ${action.random}` : '';
  return [
    String(rule.order),
    ownerName(rule.owner),
    rule.scope,
    translates ? formatTarget(action) : action.kind,
    `${ports}${random}`,
    rule.packets === undefined ? '-' : formatInteger(rule.packets),
    formatMatch(rule.match),
  ];
}

function gapLines({ gaps }: Reading<NatRules>, style: Style): Line[] {
  return gaps
    .flatMap((gap) =>
      wrapText(`${gap.what} (${gap.why}); weakens ${gap.weakens}`, {
        width: style.width,
        first: 'Not seen: ',
        indent: 10,
      }),
    )
    .map((text): Line => ({ text, tone: 'unknown', tonedCharacters: 9 }));
}

function closing(
  { value: { sourceNat }, gaps }: Reading<NatRules>,
  { style, wide }: { style: Style; wide: boolean },
): string {
  if (gaps.some(isAboutRights)) {
    const seen = sourceNat.length === 0 ? 'No rule could be seen' : 'There may be more rules than these';
    return `${seen}. Next: ${commandText('sudo portolan rules', style)}`;
  }
  if (gaps.length > 0) {
    const next = commandText(wide ? 'portolan diagnose' : 'portolan rules -o wide', style);
    return `Not every rule is understood. Next: ${next}`;
  }
  if (sourceNat.length === 0) return 'There is no source-NAT rule here: nothing spends SNAT ports.';
  return `The first matching rule decides. Next: ${commandText('portolan diagnose', style)}`;
}

/** Only then would sudo show more. */
function isAboutRights({ why }: Gap): boolean {
  return /EPERM|EACCES|CAP_/.test(why);
}
