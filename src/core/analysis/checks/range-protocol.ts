// range-protocol: the port range rules only one of TCP and UDP, or none at all. Page: docs/checks/range-protocol.md
import { UNRESTRICTED_RANGE, formatRange, rangesEqual } from '../../model/port-range.ts';
import { protocolName } from '../../model/protocol.ts';
import type { NodeContext } from '../check-context.ts';
import type { ProtocolRange } from '../claims-in-range.ts';
import { aboutNode } from '../compose-finding.ts';
import type { GapWeights } from '../confidence.ts';
import { egressRules } from '../effective-range.ts';
import type { Finding } from '../finding.ts';
import { isBridgeRule } from '../node-ranges.ts';

const WEIGHTS: GapWeights = {
  'nat-rules': 'low',
  'nat-rules-legacy': 'medium',
  'nat-rule-unknown': 'medium',
  'nat-rules-backend': 'medium',
};

/** Compares the egress ranges of TCP and UDP; silent when they are the same, and when no rule masquerades. */
export function checkRangeProtocol(context: NodeContext): readonly Finding[] {
  const family = context.ranges[0]?.family;
  const ruled = context.ranges.filter((range) => range.family === family && range.effective.rule !== undefined);
  const bare = ruled.filter(({ protocol }) => !hasRange(context, protocol));
  if (ruled.length < 2 || bare.length === 0) return [];
  return bare.length === ruled.length ? [unset(context, bare)] : oneOnly(context, { ruled, bare });
}

/** Whether any egress rule sets a range for the protocol; one that an earlier rule shadows is rule-order's business. */
function hasRange({ facts }: NodeContext, protocol: number): boolean {
  const rules = ([4, 6] as const).flatMap((family) => egressRules(facts.natRules.sourceNat, protocol, family));
  return rules.some(({ rule, action }) => action.range !== undefined && !isBridgeRule(rule));
}

function oneOnly(
  { facts }: NodeContext,
  ranges: { readonly ruled: readonly ProtocolRange[]; readonly bare: readonly ProtocolRange[] },
): Finding[] {
  const missing = ranges.bare[0];
  const set = ranges.ruled.find(({ effective }) => !effective.isDefault);
  if (missing === undefined || set === undefined || rangesEqual(set.effective.range, missing.effective.range))
    return [];
  const name = protocolName(missing.protocol);
  const finding = aboutNode(facts.gaps, {
    check: 'range-protocol',
    severity: 'warning',
    sentence: `The port range ${formatRange(set.effective.range)} is set for ${protocolName(set.protocol)} only; ${name} egress uses ${formatRange(missing.effective.range)} and can meet NodePorts.`,
    because: [`No egress rule that takes ${name} names a range.`],
    weights: WEIGHTS,
    remedy: 'write the rule for both protocols; Calico does so by itself when natPortRange is set',
  });
  return [finding];
}

function unset({ facts }: NodeContext, bare: readonly ProtocolRange[]): Finding {
  const randomizes = bare.some(({ effective }) => {
    const action = effective.rule?.action;
    return (action?.kind === 'masquerade' || action?.kind === 'snat') && action.random !== 'none';
  });
  return aboutNode(facts.gaps, {
    check: 'range-protocol',
    severity: 'info',
    sentence: randomizes
      ? `No port range is set: pod egress uses any port of ${formatRange(UNRESTRICTED_RANGE)} at random, NodePorts (30000-32767) included.`
      : "No port range is set: pod egress keeps the pod's own port when it is free, and else uses any of 1024-65535.",
    numbers: {
      nodePortShare: {
        value: randomizes ? 2768 / 64_512 : 0,
        unit: 'share',
        source: 'ports 30000-32767 among 1024-65535',
      },
    },
    because: [
      'No egress rule of TCP or UDP names a range.',
      'With iptables or nftables as data plane this is harmless except for the very same remote address and port; a load balancer with direct server return or an eBPF data plane does mind.',
    ],
    weights: WEIGHTS,
  });
}
