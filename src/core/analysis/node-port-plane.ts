// What takes packets to NodePorts on a node, judged by the rules that are there: kube-proxy names its tables, chains and sets.
import type { NatRules } from '../model/nat-rule.ts';
import type { NodePortPlane } from './range-write.ts';

/** The hairpin set of IPVS mode (pkg/proxy/ipvs/ipset.go kubeLoopBackIPSet), matched in KUBE-POSTROUTING. */
const IPVS_SET = /@KUBE-LOOP-BACK\b/;

/** Chains of iptables mode that lead from a local port to a Service (pkg/proxy/iptables/proxier.go); KUBE-XLB- before 1.24. */
const IPTABLES_CHAIN = / KUBE-(?:NODEPORTS|EXT-|SVC-|XLB-|FW-)/;

/** @returns `unknown` where the rules show none: without a NodePort, iptables mode looks as IPVS mode without endpoints does. */
export function nodePortPlaneOf({ sourceNat, dnatPorts }: NatRules): NodePortPlane {
  const translating = sourceNat.filter(({ owner }) => owner === 'kube-proxy');
  if (translating.some(({ table }) => table === 'kube-proxy')) return 'kube-proxy-nftables';
  if (translating.some(({ match: { other } }) => other.some((text) => IPVS_SET.test(text)))) return 'kube-proxy-ipvs';
  const redirects = dnatPorts.some(({ owner, where }) => owner === 'kube-proxy' && IPTABLES_CHAIN.test(where));
  return redirects ? 'kube-proxy-iptables' : 'unknown';
}
