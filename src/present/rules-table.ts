// The installed source-NAT rules in the order the kernel tries them: the first that matches decides.
import type { NatRule, NatRules } from '../core/model/nat-rule.ts';
import { formatRange } from '../core/model/port-range.ts';
import type { Reading } from '../core/model/reading.ts';
import { layoutColumns } from './column-layout.ts';
import { type Line, paintLines } from './line.ts';
import { formatInteger } from './number-text.ts';
import { formatMatch, formatPlace } from './rule-text.ts';
import { commandText, type Style } from './style.ts';
import { ownerName } from '../core/model/owner-name.ts';
import { wrapText } from './wrap-text.ts';

const HEADER = ['ORDER', 'OWNER', 'FOR', 'ACTION', 'PORTS', 'NEW FLOWS', 'MATCH'];

/** One row per rule; `wide` adds where each rule sits. */
export function formatRules(reading: Reading<NatRules>, options: { style: Style; wide: boolean }): string {
  const { style, wide } = options;
  const rules = reading.value.sourceNat;
  const rows = rules.map((rule) => [...ruleRow(rule), ...(wide ? [formatPlace(rule)] : [])]);
  const header = wide ? [...HEADER, 'PLACE'] : HEADER;
  const table = rules.length === 0 ? [] : layoutColumns([header, ...rows], { right: [0, 5] });
  const lines: Line[] = [
    ...table.map((text) => ({ text })),
    ...gapLines(reading, style),
    { text: closing(reading, style) },
  ];
  return paintLines(lines, style.palette);
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
    action.kind,
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

function closing({ value: { sourceNat }, gaps }: Reading<NatRules>, style: Style): string {
  if (gaps.length > 0) {
    const seen = sourceNat.length === 0 ? 'No rule could be seen' : 'There may be more rules than these';
    return `${seen}. Next: ${commandText('sudo portolan rules', style)}`;
  }
  if (sourceNat.length === 0) return 'There is no source-NAT rule here: nothing spends SNAT ports.';
  return `The first matching rule decides. Next: ${commandText('portolan diagnose', style)}`;
}
