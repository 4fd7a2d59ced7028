// A port inside the range whose replies never reach conntrack (a raw NOTRACK rule, an eBPF data plane): a flow that gets it is lost.
import { ownerName } from '../../model/owner-name.ts';
import { rangeSize } from '../../model/port-range.ts';
import { protocolName } from '../../model/protocol.ts';
import type { NodeContext } from '../check-context.ts';
import { overlaps } from '../claims-in-range.ts';
import type { ClaimInRange } from '../diagnosis.ts';
import { aboutNode } from '../compose-finding.ts';
import type { Finding } from '../finding.ts';
import { lowestStartOn, patchRange } from '../remedy.ts';

/** Certain for the rules read; how often it strikes follows from the range. */
export function untrackedPorts(context: NodeContext): readonly Finding[] {
  return context.claims.filter(({ hurts }) => hurts).map((claim) => report(context, claim));
}

function report({ facts, ranges }: NodeContext, { claim, truth }: ClaimInRange): Finding {
  const effective = ranges.find(
    ({ protocol, effective: { range } }) => protocol === claim.protocol && overlaps(range, claim.ports),
  )?.effective;
  const range = effective?.range ?? claim.ports;
  const first = Math.max(range.first, claim.ports.first);
  const last = Math.min(range.last, claim.ports.last);
  const starts = startsOn({ first, last }, { first: range.first, size: rangeSize(range) });
  const ports = first === last ? `port ${first}` : `ports ${first}-${last}`;
  return aboutNode(facts.gaps, {
    check: 'conflict',
    severity: 'warning',
    sentence: `${protocolName(claim.protocol)} flows that get source ${ports} (${ownerName(claim.owner)}) never see a reply: ${claim.kind === 'untracked' ? 'a raw rule keeps that port out of connection tracking' : 'the eBPF data plane takes it first'}.`,
    numbers: {
      lossPerFlow: { value: starts / 65_536, unit: 'probability', source: 'share of search starts, empty port space' },
    },
    because: [`Read from ${claim.source}: ${truth}.`],
    weights: {
      'nat-rules': 'low',
      'nat-rules-legacy': 'medium',
      'nat-rule-unknown': 'medium',
      'nat-rules-backend': 'medium',
    },
    remedy:
      effective?.owner === 'calico'
        ? patchRange(lowestStartOn(facts))
        : `start the range at ${lowestStartOn(facts)} or above`,
  });
}

/** How many of the 65,536 search starts (u16 modulo range size) fall on these ports. */
function startsOn(
  ports: { readonly first: number; readonly last: number },
  range: { readonly first: number; readonly size: number },
): number {
  let starts = 0;
  for (let port = ports.first; port <= ports.last; port += 1) {
    starts += Math.ceil((65_536 - (port - range.first)) / range.size);
  }
  return starts;
}
