// Rules and claims as programs read them: protocol names instead of numbers, ranges spelled out, null for what is not set.
import type { NatRule, NatRules } from '../core/model/nat-rule.ts';
import type { PortClaim } from '../core/model/port-claim.ts';
import type { PortRange } from '../core/model/port-range.ts';
import { protocolName } from '../core/model/protocol.ts';
import type { Reading } from '../core/model/reading.ts';

export const RULES_OUTPUT_SCHEMA = 'portolan.dev/output/nat-rules/v1';

/** The plain object behind `portolan rules -o json`. */
export function rulesDocument(reading: Reading<NatRules>) {
  const { value, source, complete, gaps } = reading;
  return {
    schema: RULES_OUTPUT_SCHEMA,
    source,
    complete,
    rules: value.sourceNat.map(ruleDocument),
    gaps: gaps.map((gap) => ({ ...gap, remedy: gap.remedy ?? null })),
  };
}

/** `firstPort` and `lastPort`, both included. */
export function rangeDocument(range: PortRange) {
  return { firstPort: range.first, lastPort: range.last };
}

export function claimDocument({ kind, protocol, ports, address, owner, source }: PortClaim) {
  return { kind, protocol: protocolName(protocol), ...rangeDocument(ports), address: address ?? null, owner, source };
}

export function ruleDocument(rule: NatRule) {
  const { match, action } = rule;
  const translates = action.kind === 'masquerade' || action.kind === 'snat';
  return {
    order: rule.order,
    owner: rule.owner,
    scope: rule.scope,
    backend: rule.backend,
    family: rule.family,
    table: rule.table,
    chains: rule.path,
    priority: rule.priority,
    match: {
      protocol: match.protocol === undefined ? null : protocolName(match.protocol),
      source: match.source ?? null,
      destination: match.destination ?? null,
      destinationPorts: match.destinationPort === undefined ? null : rangeDocument(match.destinationPort),
      inInterface: match.inInterface ?? null,
      outInterface: match.outInterface ?? null,
      mark: match.mark ?? null,
      other: match.other,
    },
    action: {
      kind: action.kind,
      addresses: action.kind === 'snat' ? action.addresses : null,
      ports: translates && action.range !== undefined ? rangeDocument(action.range) : null,
      random: translates ? action.random : null,
    },
    packets: rule.packets ?? null,
    bytes: rule.bytes ?? null,
    comment: rule.comment ?? null,
  };
}
