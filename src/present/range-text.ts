// The range that rules a node's egress, and who set it.
import type { Diagnosis, EffectiveRange } from '../core/analysis/diagnosis.ts';
import { formatRange } from '../core/model/port-range.ts';
import { ownerName } from '../core/model/owner-name.ts';

/** `32768-65535 by Calico (iptables-nft)`, or that no rule names one. */
export function formatEffective(effective: EffectiveRange): string {
  const range = formatRange(effective.range);
  if (effective.isDefault && effective.note !== undefined)
    return `${range} (flows leave by another rule than the one read; see --explain)`;
  if (effective.isDefault) return `${range} (kernel default, set by no rule)`;
  if (effective.rule === undefined && effective.note !== undefined) return `${range} (${effective.note})`;
  const backend = effective.rule === undefined ? '' : ` (${effective.rule.backend})`;
  return `${range} by ${ownerName(effective.owner)}${backend}`;
}

/** A phrase per range; protocols that agree are said once. No rule is not the same as no view of the rules. */
export function formatRanges({ ranges, gaps }: Pick<Diagnosis, 'ranges' | 'gaps'>): string[] {
  const isBlind = gaps.some((gap) => gap.id === 'nat-rules');
  if (isBlind && ranges.every(({ effective }) => effective.rule === undefined)) return [unreadRange(ranges)];
  const byText = new Map<string, string[]>();
  for (const { protocol, effective } of ranges) {
    const text = formatEffective(effective);
    byText.set(text, [...(byText.get(text) ?? []), protocol]);
  }
  if (byText.size === 0) return ['no SNAT rule for pod egress'];
  const isWhole = byText.size === 1 && ranges.length > 1;
  if (isWhole) return [...byText.keys()].map((text) => `range ${text}`);
  return [...byText].map(([text, protocols]) => `${protocols.join(', ')} range ${text}`);
}

/** What the flows showed is said, but as what it is. */
function unreadRange(ranges: Diagnosis['ranges']): string {
  const seen = ranges.flatMap(({ effective }) => (effective.isDefault ? [] : [formatRange(effective.range)]));
  const where = seen.length === 0 ? '' : `; ports seen lie in ${[...new Set(seen)].join(', ')}`;
  return `range not known (rules not readable${where})`;
}
