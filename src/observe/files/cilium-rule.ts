// What Cilium's own source NAT stands for among the rules of a node, where a file shows that its eBPF programs translate.
import type { Gap } from '../../core/model/gap.ts';
import type { NatRule } from '../../core/model/nat-rule.ts';

/** From above the NodePorts on (pkg/maps/nat/stats: NodePortMax + 1 to 65535); NodePorts end at 32767 unless configured otherwise. */
const RANGE = { first: 32_768, last: 65_535 };

export function ciliumRule(addresses: readonly string[], order: number): NatRule {
  return {
    backend: 'ebpf',
    family: 'inet',
    table: 'cilium_snat',
    path: ['bpf nat'],
    priority: 0,
    order,
    match: { other: [] },
    action: { kind: 'snat', addresses, range: RANGE, random: 'random-fully' },
    owner: 'cilium',
    scope: 'egress',
  };
}

export const CILIUM_SEARCH: Gap = {
  id: 'ebpf-search',
  what: 'how Cilium searches for a port, and in which range',
  why: 'its eBPF programs try 32 or 128 ports (SNAT_COLLISION_RETRIES), not as netfilter does; the range is taken for 32768-65535',
  weakens: 'drop probabilities: they are those of netfilter, and Cilium loses connections at lower use already',
};
