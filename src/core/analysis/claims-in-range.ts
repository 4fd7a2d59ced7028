// Other people's ports inside the range, and whether that hurts on this node's data plane, with the reason.
import type { Family } from '../model/address.ts';
import type { NodeFacts } from '../model/node-facts.ts';
import { type PortRange, formatRange, rangeContains } from '../model/port-range.ts';
import { type PortClaim, type PortClaimKind, claimSamePorts } from '../model/port-claim.ts';
import { UDP, protocolName } from '../model/protocol.ts';
import type { ClaimInRange, EffectiveRange } from './diagnosis.ts';

/** The egress range of one protocol. */
export interface ProtocolRange {
  readonly protocol: number;
  readonly family: Family;
  readonly effective: EffectiveRange;
}

const REPLIES_FIRST =
  'a reply is matched to its connection before any DNAT rule or socket sees it, and other clients are other connections';

/** Every claim that shares a port with an egress range of its protocol; none where the protocol is not translated. */
export function claimsInRange(facts: NodeFacts, ranges: readonly ProtocolRange[]): readonly ClaimInRange[] {
  return judgeClaims(
    allClaims(facts),
    ranges.map(({ protocol, effective: { range } }) => ({ protocol, range })),
  );
}

/** Those of the claims that share a port with a range of their protocol, each with what that means on this data plane. */
export function judgeClaims(
  claims: readonly PortClaim[],
  ranges: readonly { readonly protocol: number; readonly range: PortRange }[],
): readonly ClaimInRange[] {
  const inside = claims.filter((claim) =>
    ranges.some(({ protocol, range }) => protocol === claim.protocol && overlaps(range, claim.ports)),
  );
  return withoutContradiction(inside.map(judge));
}

/** A port that hurts for one reason is not called harmless for another: of claims to the same ports the hurting one stays. */
function withoutContradiction(claims: readonly ClaimInRange[]): readonly ClaimInRange[] {
  const hurting = claims.filter(({ hurts }) => hurts).map(({ claim }) => claim);
  const isSaid = ({ protocol, ports }: PortClaim): boolean =>
    hurting.some(
      (other) =>
        other.protocol === protocol &&
        rangeContains(other.ports, ports.first) &&
        rangeContains(other.ports, ports.last),
    );
  return claims.filter(({ claim, hurts }) => hurts || !isSaid(claim));
}

/** The claims read, plus what the NAT and raw rules themselves claim; each once. */
export function allClaims(facts: NodeFacts): readonly PortClaim[] {
  const { dnatPorts, untrackedPorts } = facts.natRules;
  const fromRules: PortClaim[] = [
    ...dnatPorts.map(
      (port) =>
        ({ kind: 'dnat', protocol: port.protocol, ports: port.ports, owner: port.owner, source: port.where }) as const,
    ),
    ...untrackedPorts.map(
      (port) =>
        ({
          kind: 'untracked',
          protocol: port.protocol,
          ports: port.ports,
          owner: port.owner,
          source: port.where,
        }) as const,
    ),
  ];
  const byKey = new Map<string, PortClaim>();
  // The API server knows whose port a rule redirects: such a claim stands for the rule's.
  const owned = facts.claims.filter(({ kind }) => OF_CLUSTER.has(kind));
  const others = fromRules.filter((claim) => claim.kind !== 'dnat' || !owned.some((own) => claimSamePorts(own, claim)));
  for (const claim of [...facts.claims, ...others]) {
    const key = `${claim.kind} ${claim.protocol} ${formatRange(claim.ports)} ${claim.address ?? ''}`;
    if (!byKey.has(key)) byKey.set(key, claim);
  }
  return [...byKey.values()];
}

const OF_CLUSTER: ReadonlySet<PortClaimKind> = new Set([
  'node-port',
  'health-check-node-port',
  'load-balancer-member',
  'host-port',
]);

/** Whether two ranges share a port. */
export function overlaps(left: PortRange, right: PortRange): boolean {
  return left.first <= right.last && right.first <= left.last;
}

function judge(claim: PortClaim): ClaimInRange {
  if (interceptedByBpf(claim)) return { claim, hurts: true, truth: BPF_FIRST };
  return { claim, hurts: claim.kind === 'untracked', truth: truthOf(claim) };
}

const BPF_FIRST =
  'the eBPF data plane looks this port up before conntrack does: the reply of an egress flow on it goes to the Service instead';

/** The claims with those marked as hurting on which flows were seen to stay unanswered. */
export function withIntercepted(
  claims: readonly ClaimInRange[],
  ports: readonly { readonly protocol: number; readonly port: number }[],
): readonly ClaimInRange[] {
  return claims.map((each) => {
    const { protocol, ports: claimed } = each.claim;
    const hit = ports.some((found) => found.protocol === protocol && rangeContains(claimed, found.port));
    return hit ? { ...each, hurts: true, truth: INTERCEPTED } : each;
  });
}

const INTERCEPTED =
  'egress flows that got this port stay unanswered while others are answered: something takes or rewrites its packets';

/** Cilium's kube-proxy replacement looks NodePorts and hostPorts up in tc ingress, before netfilter (cilium issue 33723). */
function interceptedByBpf(claim: PortClaim): boolean {
  return claim.kind !== 'listener' && claim.kind !== 'tunnel' && claim.owner.toLowerCase().includes('cilium');
}

function truthOf(claim: PortClaim): string {
  switch (claim.kind) {
    case 'untracked':
      return `a ${protocolName(claim.protocol)} flow that gets this port never sees its reply: a raw rule keeps the reply out of conntrack, so it is not translated back`;
    case 'listener':
    case 'host-port':
      return `harmless here: bind and listen succeed while a flow holds the port, and ${REPLIES_FIRST}`;
    case 'tunnel':
      return 'harmless here as long as it is tracked: only a flow to the very same peer address and port would share a connection entry';
    case 'load-balancer-member':
      return 'harmless in the node; a load balancer with direct server return may rewrite packets that leave from this port, and then that egress connection fails';
    case 'dnat':
    case 'node-port':
    case 'health-check-node-port':
      return claim.protocol === UDP
        ? `harmless here, except for a peer that uses one and the same port as client and as server: ${REPLIES_FIRST}`
        : `harmless here, except for the very same remote address and port: ${REPLIES_FIRST}`;
    default:
      return 'not known';
  }
}
