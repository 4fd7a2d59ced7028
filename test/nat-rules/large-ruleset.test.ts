// A node of a large cluster: 1,500 services with 3 endpoints, 6,000 chains and 15,500 rules.
import { describe, expect, it } from 'vitest';
import { inNamespace } from './in-namespace.ts';

const SERVICES = 1_500;
const ENDPOINTS = [0, 1, 2];

function ruleset(): string {
  const services = Array.from({ length: SERVICES }, (_, index) => index);
  const base = [':PREROUTING ACCEPT', ':OUTPUT ACCEPT', ':POSTROUTING ACCEPT', ':KUBE-SERVICES -', ':KUBE-NODEPORTS -'];
  const chains = services.flatMap((service) => [
    `:KUBE-SVC-${service} -`,
    ...ENDPOINTS.map((e) => `:KUBE-SEP-${service}-${e} -`),
  ]);
  const jumps = ['PREROUTING', 'OUTPUT'].map((hook) => `-A ${hook} -j KUBE-SERVICES`);
  const last = ['-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS', '-A POSTROUTING -j MASQUERADE'];
  return ['*nat', ...base, ...chains, ...jumps, ...services.flatMap(serviceRules), ...last, 'COMMIT', ''].join('\n');
}

function serviceRules(service: number): readonly string[] {
  const address = `10.96.${service >> 8}.${service & 255}`;
  const jump = `-p tcp -m comment --comment "ns/svc${service}" -m tcp --dport`;
  const nodePort = service % 3 === 0 ? [`-A KUBE-NODEPORTS ${jump} ${30_000 + service} -j KUBE-SVC-${service}`] : [];
  return [
    `-A KUBE-SERVICES -d ${address}/32 ${jump} 80 -j KUBE-SVC-${service}`,
    ...nodePort,
    ...ENDPOINTS.flatMap((endpoint) => [
      `-A KUBE-SVC-${service} -m statistic --mode random --probability 0.33 -j KUBE-SEP-${service}-${endpoint}`,
      `-A KUBE-SEP-${service}-${endpoint} -s 10.244.1.${endpoint}/32 -j MARK --set-mark 0x4000`,
      `-A KUBE-SEP-${service}-${endpoint} -p tcp -m tcp -j DNAT --to-destination 10.244.1.${endpoint}:80`,
    ]),
  ];
}

describe.each(['iptables-nft', 'iptables-legacy'])('%s with 15,500 rules', (backend) => {
  it('is read whole: every node port, no cluster address', () => {
    const { reading } = inNamespace({
      setup: [{ program: `${backend}-restore`, args: [], text: ruleset() }],
      oracles: [],
    });
    expect(reading.complete).toBe(true);
    expect(reading.value.sourceNat).toHaveLength(1);
    expect(reading.value.dnatPorts.map(({ ports }) => ports.first)).toEqual(
      Array.from({ length: SERVICES / 3 }, (_, index) => 30_000 + index * 3),
    );
  });
});
