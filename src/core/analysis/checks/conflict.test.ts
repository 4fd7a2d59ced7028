import { describe, expect, it } from 'vitest';
import { DST_NAT, INBOUND, SEEN_REPLY, SRC_NAT } from '../../model/flow-status.ts';
import type { NodeFacts } from '../../model/node-facts.ts';
import type { PortClaim } from '../../model/port-claim.ts';
import { TCP, UDP } from '../../model/protocol.ts';
import { diagnose } from '../diagnose.ts';
import { findingOf } from '../../../../test/analysis/finding-of.ts';
import {
  type FlowFixture,
  REMOTE,
  calicoRulesFixture,
  flowsFixture,
  gapFixture,
  nodeFactsFixture,
  ruleFixture,
} from '../../../../test/analysis/node-facts-fixture.ts';

const WIDE = { first: 1024, last: 65_535 };
const NODE_PORT: PortClaim = {
  kind: 'dnat',
  protocol: TCP,
  ports: { first: 30_080, last: 30_080 },
  owner: 'kube-proxy',
  source: 'nat KUBE-NODEPORTS',
};
const RULES = calicoRulesFixture(WIDE);

/** One flow on the NodePort's number and two on others, to each of `remotes` servers. */
function withNodePort(remotes: number, options: Partial<FlowFixture> = {}): FlowFixture[] {
  return Array.from({ length: remotes }, (_, index) => `198.51.100.${index + 1}`).flatMap((remote) => [
    ...flowsFixture(1, { remote, port: 30_080, ...options }),
    ...flowsFixture(8, { remote, port: 20_000 }),
  ]);
}

function untracked(port: number, range = WIDE): NodeFacts {
  const ports = { first: port, last: port };
  const natRules = {
    sourceNat: calicoRulesFixture(range),
    dnatPorts: [],
    untrackedPorts: [{ protocol: UDP, ports, owner: 'calico', where: 'raw cali-PREROUTING' } as const],
  };
  return nodeFactsFixture({ natRules });
}

describe('conflict: a port kept out of connection tracking', () => {
  it('warns with the share of flows it costs, and names a range above it', () => {
    const finding = findingOf(untracked(4789), 'conflict');
    expect(finding).toMatchObject({
      severity: 'warning',
      confidence: 'high',
      numbers: { lossPerFlow: { value: 1 / 65_536 } },
    });
    expect(finding?.remedy).toContain('"natPortRange": "4790:65535"');
  });

  it('counts the low part of a biased range twice', () => {
    expect(findingOf(untracked(1500), 'conflict')?.numbers['lossPerFlow']?.value).toBe(2 / 65_536);
  });

  it('is silent when the port is outside the range', () => {
    expect(findingOf(untracked(4789, { first: 32_768, last: 65_535 }), 'conflict')).toBeUndefined();
  });

  it('is silent when no rule translates the protocol and no flow of it was', () => {
    const ports = { first: 4789, last: 4789 };
    const untrackedPorts = [{ protocol: UDP, ports, owner: 'calico', where: 'raw cali-PREROUTING' } as const];
    const tcpOnly = { sourceNat: [ruleFixture({ range: WIDE })], dnatPorts: [], untrackedPorts };
    const tunnel = { kind: 'tunnel', protocol: UDP, ports, owner: 'vxlan', source: 'link vxlan.calico' } as const;
    const facts = nodeFactsFixture({ natRules: tcpOnly, claims: [tunnel] });
    expect(findingOf(facts, 'conflict')).toBeUndefined();
    expect(diagnose(facts).claims).toEqual([]);
    const flows = flowsFixture(3, { protocol: UDP, tcpState: 0 });
    expect(findingOf(nodeFactsFixture({ natRules: tcpOnly, flows }), 'conflict')?.severity).toBe('warning');
  });

  it('says a port that hurts once, and not that it is harmless too', () => {
    const ports = { first: 4789, last: 4789 };
    const tunnel = { kind: 'tunnel', protocol: UDP, ports, owner: 'vxlan', source: 'link vxlan.calico' } as const;
    const listener = { ...tunnel, kind: 'listener' } as const;
    const diagnosis = diagnose({ ...untracked(4789), claims: [tunnel, listener] });
    expect(diagnosis.claims).toMatchObject([{ hurts: true, claim: { kind: 'untracked' } }]);
    expect(diagnosis.findings.filter(({ check }) => check === 'conflict')).toHaveLength(1);
  });

  it('is less sure when legacy rules were not read', () => {
    const facts = { ...untracked(4789), gaps: [gapFixture('nat-rules-legacy')] };
    expect(findingOf(facts, 'conflict')).toMatchObject({ confidence: 'medium', gaps: ['nat-rules-legacy'] });
  });
});

describe('conflict: an intercepted port', () => {
  const facts = nodeFactsFixture({
    range: WIDE,
    claims: [NODE_PORT],
    flows: withNodePort(4, { status: SRC_NAT, tcpState: 1 }),
  });

  it('warns when flows on the NodePort stay unanswered while the same servers answer others', () => {
    const finding = findingOf(facts, 'conflict');
    expect(finding).toMatchObject({
      severity: 'warning',
      confidence: 'medium',
      numbers: { flows: { value: 4 }, unanswered: { value: 4 } },
    });
    expect(finding?.sentence).toContain('tcp 30080 (redirected port of kube-proxy)');
    expect(finding?.numbers['chance']?.value).toBeLessThan(1e-3);
    expect(diagnose(facts).claims).toMatchObject([{ hurts: true, claim: NODE_PORT }]);
  });

  it('only notes the claim when the flows are answered, when they are two, when some get through, or when their servers answer nobody', () => {
    const lost = { status: SRC_NAT, tcpState: 1 };
    const others = flowsFixture(300, { remote: '198.51.100.1', remotePort: 80, port: 20_000 });
    const dead = Array.from({ length: 5 }, (_, index) => `198.51.100.${index + 10}`).flatMap((remote) =>
      flowsFixture(3, { remote, port: 30_080, ...lost }),
    );
    const some = [
      ...withNodePort(4, lost),
      ...flowsFixture(1, { remotePort: 1, port: 30_080 }),
      ...flowsFixture(1, { remotePort: 2, port: 30_080 }),
    ];
    for (const flows of [withNodePort(4), withNodePort(2, lost), some, dead]) {
      const facts = nodeFactsFixture({ range: WIDE, claims: [NODE_PORT], flows: [...flows, ...others] });
      expect(findingOf(facts, 'conflict')?.severity).toBe('info');
    }
  });

  it('is less sure when the dump was cut short', () => {
    expect(findingOf({ ...facts, gaps: [gapFixture('flows-incomplete')] }, 'conflict')).toMatchObject({
      confidence: 'low',
      gaps: ['flows-incomplete'],
    });
  });
});

describe('conflict: a port that nobody is known to claim', () => {
  const lost = { status: SRC_NAT, tcpState: 1 };
  const conflictOf = (flows: readonly FlowFixture[]) => findingOf(nodeFactsFixture({ range: WIDE, flows }), 'conflict');
  /** Every connection from a socket of its own. */
  const ofSockets = (flows: readonly FlowFixture[]): FlowFixture[] =>
    flows.map((flow, index) => ({ ...flow, sourcePort: 50_000 + index }));

  it('warns when it stays unanswered between pods and servers that answer each other from other ports', () => {
    const finding = conflictOf(ofSockets(withNodePort(8, lost)));
    expect(finding).toMatchObject({
      severity: 'warning',
      confidence: 'medium',
      numbers: { flows: { value: 8 }, unanswered: { value: 8 } },
    });
    expect(finding?.sentence).toContain('source port tcp 30080 stay unanswered while the same pods');
    expect(finding?.because.join(' ')).toContain('Who claims the port was not seen');
  });

  it('is silent where a few flows, a pod that is refused everywhere, a server that is down or the pod itself explain it', () => {
    const refusedPod = withNodePort(20).concat(
      Array.from({ length: 20 }, (_, index) => `198.51.100.${index + 1}`).flatMap((remote) =>
        flowsFixture(3, { remote, port: 40_001, source: '10.1.0.66', ...lost }),
      ),
    );
    // Without a random flag the kernel gives one source port one port towards all remotes: a socket that nobody answers.
    const mapped = withNodePort(60).concat(
      Array.from({ length: 60 }, (_, index) => `198.51.100.${index + 1}`).flatMap((remote) =>
        flowsFixture(1, { remote, port: 6000, sourcePort: 5060, source: '10.1.0.66', ...lost }),
      ),
    );
    const oneSocket = withNodePort(8, { ...lost, sourcePort: 5060 });
    // Sockets of a pod that nobody answers anywhere do not make that one socket many.
    const besideRefused = oneSocket.concat(
      [50_001, 50_002].flatMap((sourcePort, index) =>
        flowsFixture(1, { remote: `198.51.100.${index + 1}`, port: 30_080, source: '10.1.0.66', sourcePort, ...lost }),
      ),
    );
    const ownPort = withNodePort(20, { ...lost, sourcePort: 30_080 });
    const down = ofSockets(withNodePort(8, lost)).map((flow) =>
      flow.remote.endsWith('1') ? flow : { ...flow, ...lost },
    );
    const answered = withNodePort(20);
    for (const flows of [withNodePort(2, lost), refusedPod, mapped, oneSocket, besideRefused, ownPort, down, answered])
      expect(conflictOf(flows)).toBeUndefined();
  });

  it('is named once where somebody claims it', () => {
    const facts = nodeFactsFixture({ range: WIDE, claims: [NODE_PORT], flows: withNodePort(8, lost) });
    const conflicts = diagnose(facts).findings.filter(
      ({ check, severity }) => check === 'conflict' && severity === 'warning',
    );
    expect(conflicts.map(({ sentence }) => sentence)).toEqual([
      expect.stringContaining('redirected port of kube-proxy'),
    ]);
  });

  it('is less sure when the dump was cut short', () => {
    const facts = nodeFactsFixture({
      range: WIDE,
      flows: ofSockets(withNodePort(8, lost)),
      gaps: [gapFixture('flows-incomplete')],
    });
    expect(findingOf(facts, 'conflict')).toMatchObject({ confidence: 'low', gaps: ['flows-incomplete'] });
  });
});

describe('conflict: one remote socket as server and as client', () => {
  const inbound = flowsFixture(1, {
    protocol: UDP,
    remotePort: 5060,
    port: 30_090,
    source: REMOTE,
    status: INBOUND | DST_NAT | SEEN_REPLY,
    tcpState: 0,
  });
  const egress = flowsFixture(1, {
    protocol: UDP,
    remotePort: 5060,
    port: 30_080,
    status: SRC_NAT | SEEN_REPLY,
    tcpState: 0,
  });
  const sip = { ...NODE_PORT, protocol: UDP };

  it('warns when a pod flow to it holds a port the node offers', () => {
    const finding = findingOf(
      nodeFactsFixture({ range: WIDE, claims: [sip], flows: [...inbound, ...egress] }),
      'conflict',
    );
    expect(finding).toMatchObject({ severity: 'warning', confidence: 'medium', numbers: { flows: { value: 1 } } });
    expect(finding?.because.join(' ')).toContain('port 30080 in udp 203.0.113.9:5060');
    expect(finding?.sentence).toMatch(
      /^Remote 203\.0\.113\.9:5060 is both server of pod 10\.1\.0\.7 .* holds udp port 30080,/,
    );
    expect(finding?.confidenceReason).toContain('was not seen');
  });

  it('only notes the claim when the client is another socket, or when nobody claims the port', () => {
    const other = inbound.map((flow) => ({ ...flow, remotePort: 5061 }));
    expect(
      findingOf(nodeFactsFixture({ range: WIDE, claims: [sip], flows: [...other, ...egress] }), 'conflict')?.severity,
    ).toBe('info');
    expect(findingOf(nodeFactsFixture({ range: WIDE, flows: [...inbound, ...egress] }), 'conflict')).toBeUndefined();
  });

  it('is less sure when inbound flows were not all read', () => {
    const facts = nodeFactsFixture({
      range: WIDE,
      claims: [sip],
      flows: [...inbound, ...egress],
      gaps: [gapFixture('host-flows')],
    });
    expect(findingOf(facts, 'conflict')).toMatchObject({ confidence: 'low', gaps: ['host-flows'] });
  });
});

describe('conflict: harmless claims', () => {
  it('notes NodePorts, listeners and tunnels in the range once, with the truth for each, and stays fine', () => {
    const listener: PortClaim = {
      kind: 'listener',
      protocol: TCP,
      ports: { first: 40_000, last: 40_000 },
      owner: 'app',
      source: 'sock_diag',
    };
    const wireGuard: PortClaim = {
      kind: 'tunnel',
      protocol: UDP,
      ports: { first: 51_820, last: 51_820 },
      owner: 'WireGuard',
      source: 'link wireguard.cali',
    };
    const natRules = {
      sourceNat: RULES,
      dnatPorts: [{ protocol: TCP, ports: NODE_PORT.ports, owner: 'kube-proxy', where: 'nat KUBE-NODEPORTS' } as const],
      untrackedPorts: [],
    };
    const diagnosis = diagnose(
      nodeFactsFixture({
        natRules,
        claims: [NODE_PORT, listener, wireGuard],
        flows: flowsFixture(5, { port: 30_080 }),
      }),
    );
    expect(diagnosis.claims.map(({ claim, hurts }) => [claim.kind, hurts])).toEqual([
      ['dnat', false],
      ['listener', false],
      ['tunnel', false],
    ]);
    expect(diagnosis.findings.map(({ check, severity }) => [check, severity])).toEqual([
      ['conflict', 'info'],
      ['fine', 'ok'],
    ]);
  });

  it('knows that an eBPF data plane takes its own NodePorts first', () => {
    const claims = [{ ...NODE_PORT, kind: 'node-port', owner: 'Cilium' } as const];
    expect(findingOf(nodeFactsFixture({ range: WIDE, claims }), 'conflict')?.severity).toBe('warning');
  });
});
