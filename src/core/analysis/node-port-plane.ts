// What takes packets to NodePorts on a node, judged by the rules that are there: kube-proxy names its tables, chains and sets.
import type { NatRules } from '../model/nat-rule.ts';
import type { NodePortPlane } from './range-write.ts';

/** The hairpin set of IPVS mode (pkg/proxy/ipvs/ipset.go kubeLoopBackIPSet), matched in KUBE-POSTROUTING. */
const IPVS_SET = /@KUBE-LOOP-BACK\b/;

/** Chains of iptables mode that lead from a local port to a Service (pkg/proxy/iptables/proxier.go); KUBE-XLB- before 1.24. */
const IPTABLES_CHAIN = / KUBE-(?:NODEPORTS|EXT-|SVC-|XLB-|FW-)/;

/** In eBPF mode the program marks the egress that Calico's rule translates (felix/bpf/tc/defs: 0x01800000 of 0x01f00000). */
const BPF_MARK = '0x1800000/0x1f00000';

/**
 * What the rules show; a kube-proxy that was left running beside eBPF writes rules too.
 * @returns `unknown` where they show none: without a NodePort, iptables mode looks as IPVS mode without endpoints does. Also beside
 * Cilium's, which may have kube-proxy replaced or not.
 */
export function nodePortPlaneOf({ sourceNat, dnatPorts }: NatRules): NodePortPlane {
  if (sourceNat.some(({ owner, match }) => owner === 'calico' && match.mark === BPF_MARK)) return 'calico-ebpf';
  if (sourceNat.some(({ owner }) => owner === 'cilium')) return 'unknown';
  const translating = sourceNat.filter(({ owner }) => owner === 'kube-proxy');
  if (translating.some(({ table }) => table === 'kube-proxy')) return 'kube-proxy-nftables';
  if (translating.some(({ match: { other } }) => other.some((text) => IPVS_SET.test(text)))) return 'kube-proxy-ipvs';
  const redirects = dnatPorts.some(({ owner, where }) => owner === 'kube-proxy' && IPTABLES_CHAIN.test(where));
  return redirects ? 'kube-proxy-iptables' : 'unknown';
}
