// What one flow meets of a rule that may offer several addresses and ranges.
import type { PortRange } from '../../model/port-range.ts';
import type { NatTranslation } from './nat-translation.ts';
import type { PoolPart } from '../capacity/port-pool.ts';
import type { Random } from '../reference-search.ts';

/** The range that NAT is handed for one flow (nf_nat_range2). */
export interface RuleTarget {
  /** min_proto .. max_proto; undefined without NF_NAT_RANGE_PROTO_SPECIFIED. */
  readonly range: PortRange | undefined;
  /** min_addr .. max_addr. */
  readonly firstAddress: number;
  readonly lastAddress: number;
}

/** Draws what `numgen random` picks before NAT sees the rule: address first, then part. Each flow gets one, without a fallback. */
export function drawTarget({ parts, addresses, addressChoice }: NatTranslation, random: Random): RuleTarget {
  const isDrawn = addressChoice === 'random' && addresses > 1;
  const firstAddress = isDrawn ? Math.floor(random() * addresses) : 0;
  const lastAddress = isDrawn ? firstAddress : addresses - 1;
  return { firstAddress, lastAddress, range: parts && drawPart(parts, random) };
}

function drawPart(parts: readonly PoolPart[], random: Random): PortRange {
  let left = parts.length > 1 ? random() : 0;
  for (const { range, share } of parts) {
    if (left < share) return range;
    left -= share;
  }
  const last = parts.at(-1);
  if (last === undefined) throw new RangeError('Cannot translate a flow: no parts, wanted at least one or undefined');
  return last.range;
}
