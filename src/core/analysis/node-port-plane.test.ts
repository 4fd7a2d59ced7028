import { expect, it } from 'vitest';
import { ruleFixture } from '../../../test/analysis/node-facts-fixture.ts';
import type { DnatPort, NatRule } from '../model/nat-rule.ts';
import { TCP } from '../model/protocol.ts';
import { nodePortPlaneOf } from './node-port-plane.ts';

const CALICO = ruleFixture();
const KUBE = ruleFixture({ owner: 'kube-proxy', path: ['POSTROUTING', 'KUBE-POSTROUTING'], scope: 'service-mark' });
const NODE_PORT: DnatPort = {
  protocol: TCP,
  ports: { first: 30_080, last: 30_080 },
  owner: 'kube-proxy',
  where: 'nat KUBE-NODEPORTS',
};

// The rules of real programs: test/nat-rules/rulesets.test.ts.
it.each<[string, string, readonly NatRule[], readonly DnatPort[]]>([
  ['unknown', 'no rule', [], []],
  ['unknown', 'no NodePort', [KUBE, CALICO], []],
  ['kube-proxy-iptables', 'a NodePort', [KUBE, CALICO], [NODE_PORT]],
  [
    'unknown',
    "somebody else's DNAT",
    [CALICO],
    [{ ...NODE_PORT, owner: 'cni-plugins', where: 'nat CNI-HOSTPORT-DNAT' }],
  ],
  [
    'calico-ebpf',
    'a kube-proxy that was left beside eBPF',
    [KUBE, ruleFixture({ match: { mark: '0x1800000/0x1f00000', other: [] } })],
    [NODE_PORT],
  ],
  ['unknown', 'a kube-proxy that was left beside Cilium', [KUBE, ruleFixture({ owner: 'cilium' })], [NODE_PORT]],
])('is %s with %s', (plane, _, sourceNat, dnatPorts) => {
  expect(nodePortPlaneOf({ sourceNat, dnatPorts, untrackedPorts: [] })).toBe(plane);
});
