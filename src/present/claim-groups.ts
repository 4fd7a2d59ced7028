// Claims of the same kind in one phrase: a node with 2,768 NodePorts has one thing to say about them, not 2,768.
import type { ClaimInRange } from '../core/analysis/diagnosis.ts';
import { claimNoun } from '../core/model/claim-noun.ts';
import { ownerName } from '../core/model/owner-name.ts';
import type { PortClaim } from '../core/model/port-claim.ts';
import type { PortRange } from '../core/model/port-range.ts';
import { protocolName } from '../core/model/protocol.ts';
import { formatClaim } from './claim-text.ts';
import { formatInteger } from './number-text.ts';
import { formatPorts } from './rule-text.ts';

/** Claims about which the same can be said: same kind, same protocol, same effect. */
export interface ClaimGroup {
  readonly claims: readonly PortClaim[];
  readonly hurts: boolean;
  readonly truth: string;
}

/** In the order of the first claim of each. */
export function groupClaims(claims: readonly ClaimInRange[]): readonly ClaimGroup[] {
  const groups = new Map<string, ClaimInRange[]>();
  for (const item of claims) {
    const key = `${item.hurts} ${item.claim.kind} ${item.claim.protocol} ${item.truth}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()].flatMap((items) =>
    items[0] === undefined
      ? []
      : [{ claims: items.map(({ claim }) => claim), hurts: items[0].hurts, truth: items[0].truth }],
  );
}

/** `tcp 30000-32767: 2,768 redirected ports of kube-proxy`, `tcp 10250 and 11 more listening sockets`. */
export function formatClaimGroup({ claims }: ClaimGroup): string {
  const [first] = claims;
  if (first === undefined) return '';
  const ports = distinctPorts(claims);
  if (ports.length === 1) return formatClaim(first);
  const covered = { first: ports[0]?.first ?? 0, last: ports.reduce((last, range) => Math.max(last, range.last), 0) };
  const isSolid = ports.every((range, index) => index === 0 || range.first <= (ports[index - 1]?.last ?? 0) + 1);
  const what = `${pluralOf(claimNoun(first.kind))}${commonOwner(claims)}`;
  const protocol = protocolName(first.protocol);
  if (isSolid) return `${protocol} ${formatPorts(covered)}: ${formatInteger(covered.last - covered.first + 1)} ${what}`;
  return `${protocol} ${formatPorts(ports[0] ?? covered)} and ${formatInteger(ports.length - 1)} more ${what}`;
}

/** By number; a socket per address family or address is one claim to a reader. */
function distinctPorts(claims: readonly PortClaim[]): readonly PortRange[] {
  const byText = new Map(claims.map(({ ports }) => [formatPorts(ports), ports]));
  return [...byText.values()].toSorted((left, right) => left.first - right.first);
}

function commonOwner(claims: readonly PortClaim[]): string {
  const owners = new Set(claims.map(({ owner }) => owner));
  const [owner] = owners;
  return owners.size !== 1 || owner === undefined || owner === '' || owner === 'unknown'
    ? ''
    : ` of ${ownerName(owner)}`;
}

function pluralOf(noun: string): string {
  return noun.startsWith('port ') ? noun.replace('port', 'ports') : `${noun}s`;
}
