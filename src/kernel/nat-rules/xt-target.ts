// xtables targets that NAT or keep packets out of conntrack, by name and revision; others are named.
import { addressRange } from '../../core/nat-rules/address-text.ts';
import type { NatPorts, RuleVerdict } from '../../core/nat-rules/kernel-rule.ts';
import { PROTO_SPECIFIED, randomOf } from './nat-flags.ts';
import { CONTINUING_TARGETS, ENDING_TARGETS } from '../../core/nat-rules/xt-names.ts';
import type { StructReader } from './struct-reader.ts';
import type { XtExtension } from './xt-extension.ts';

/** What a target does; `unknown` names it when this program does not know. */
export interface XtEffect {
  readonly verdict: RuleVerdict;
  readonly notrack?: boolean;
  readonly unknown?: string;
}

const CONTINUE: XtEffect = { verdict: { kind: 'continue' } };

/** `nf_nat_range` and its older forms, laid side by side. */
interface NatRangeInfo {
  readonly flags: number;
  readonly addresses: readonly string[];
  readonly first: number;
  readonly last: number;
}

/** Decodes one target; never throws. */
export function decodeXtTarget(target: XtExtension): XtEffect {
  const { name, info } = target;
  if (name === 'MASQUERADE') return natEffect(target, (range) => ({ kind: 'masquerade', ...portsOf(range) }));
  if (name === 'SNAT')
    return natEffect(target, (range) => ({ kind: 'snat', addresses: range.addresses, ...portsOf(range) }));
  if (name === 'NETMAP') return { verdict: { kind: 'continue' }, unknown: 'NETMAP' };
  if (name === 'DNAT' || name === 'REDIRECT') return { verdict: { kind: 'dnat' } };
  if (name === 'NOTRACK') return { ...CONTINUE, notrack: true };
  // xt_ct_target_info: XT_CT_NOTRACK is bit 0.
  if (name === 'CT') return { ...CONTINUE, notrack: (info.u16(0) & 1) !== 0 };
  if (CONTINUING_TARGETS.has(name)) return CONTINUE;
  if (ENDING_TARGETS.has(name)) return { verdict: { kind: 'drop' } };
  return { ...CONTINUE, unknown: name === '' ? 'a target without a name' : name };
}

function natEffect(target: XtExtension, verdict: (range: NatRangeInfo) => RuleVerdict): XtEffect {
  const range = natRange(target);
  if (range === undefined) return { ...CONTINUE, unknown: `${target.name} revision ${target.revision} (cut short)` };
  return { verdict: verdict(range) };
}

/** Without NF_NAT_RANGE_PROTO_SPECIFIED the kernel never looks at the ports (nf_nat_l4proto_unique_tuple). */
function portsOf(range: NatRangeInfo): NatPorts {
  const specified = (range.flags & PROTO_SPECIFIED) !== 0;
  // The kernel swaps a reversed range (nf_nat_l4proto_unique_tuple).
  const ports = { first: Math.min(range.first, range.last), last: Math.max(range.first, range.last) };
  return { range: specified ? ports : undefined, random: randomOf(range.flags) };
}

/** Revision 0 for IPv4 is nf_nat_ipv4_multi_range_compat; everything else starts like nf_nat_range. */
function natRange(target: XtExtension): NatRangeInfo | undefined {
  return target.revision === 0 && target.family === 4 ? compatRange(target.info) : fullRange(target);
}

function compatRange(info: StructReader): NatRangeInfo | undefined {
  if (info.length < 20 || info.u32(0) === 0) return undefined;
  const flags = info.u32(4);
  return {
    flags,
    addresses: (flags & 1) === 0 ? [] : addressRange(info.slice(8, 4), info.slice(12, 4), 4),
    first: info.be16(16),
    last: info.be16(18),
  };
}

/** nf_nat_range 40 bytes; nf_nat_range2 (revision 2) appends base_proto. */
function fullRange({ info, family }: XtExtension): NatRangeInfo | undefined {
  if (info.length < 40) return undefined;
  const flags = info.u32(0);
  const size = family === 4 ? 4 : 16;
  return {
    flags,
    addresses: (flags & 1) === 0 ? [] : addressRange(info.slice(4, size), info.slice(20, size), family),
    first: info.be16(36),
    last: info.be16(38),
  };
}
