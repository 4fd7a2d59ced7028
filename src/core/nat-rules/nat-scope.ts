// Which traffic a source-NAT rule is meant for, judged by its owner, its chains and its tests.
import type { NatMatch, NatOwner, NatScope } from '../model/nat-rule.ts';

/** kube-proxy's --iptables-masquerade-bit 14, the default; other bits are recognised by the owner. */
const SERVICE_MARK = '0x4000/0x4000';

const TUNNEL_DEVICES = /^(tunl0|vxlan(-v6)?\.calico|wireguard\.cali|wg-v6\.cali|flannel(-v6)?\.\d+|cilium_vxlan)$/;

/** Chains that translate single addresses or packets a node sends to itself, never a pod's ordinary egress. */
const SPECIAL_CHAINS = /^(nat-)?cali-fip-|^CNI-HOSTPORT-MASQ$|^hostport-masq|^masquerading$/;

/** Calico's natOutgoing chain: in eBPF mode it tests a mark, and is egress all the same. */
const EGRESS_CHAINS = /^(nat-)?cali-nat-outgoing$/;

export interface ScopeTraits {
  readonly owner: NatOwner;
  readonly path: readonly string[];
  readonly match: NatMatch;
}

/** Judges one rule. */
export function scopeOf({ owner, path, match }: ScopeTraits): NatScope {
  if (path.some((chain) => EGRESS_CHAINS.test(chain))) return 'egress';
  if (match.mark === SERVICE_MARK || (owner === 'kube-proxy' && match.mark !== undefined)) return 'service-mark';
  if (isTunnel(match)) return 'tunnel';
  if (owner === 'kube-proxy' || path.some((chain) => SPECIAL_CHAINS.test(chain))) return 'other';
  if (match.mark !== undefined && !match.mark.startsWith('!') && !isZeroMark(match.mark)) return 'other';
  return isHairpin(match) || isTowardsPods(match) ? 'other' : 'egress';
}

function isTunnel(match: NatMatch): boolean {
  if (TUNNEL_DEVICES.test(match.outInterface ?? '')) return true;
  return match.other.some((text) => /^addrtype src LOCAL|^fib saddr( \. oif)? type local/.test(text));
}

/** `0x0/0x4000`: the bit must be clear, which ordinary traffic is. */
function isZeroMark(mark: string): boolean {
  return mark.startsWith('0x0/');
}

/** Docker and CNI masquerade a container that reaches itself through its own published port. */
function isHairpin(match: NatMatch): boolean {
  return match.source !== undefined && match.source === match.destination;
}

/** flannel masquerades what comes from outside its network and goes into it: no pod's egress. */
function isTowardsPods({ source, destination }: NatMatch): boolean {
  return source?.startsWith('!') === true && destination !== undefined && !destination.startsWith('!');
}
