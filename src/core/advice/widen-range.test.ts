import { describe, expect, it } from 'vitest';
import { manyOpened, planFor, remedyIn } from '../../../test/advice/situation-fixture.ts';
import { SCTP, TCP, UDP } from '../model/protocol.ts';
import type { PortClaim } from '../model/port-claim.ts';
import { eraBehaviour } from '../alloc/kernel-era.ts';
import { MOST_FACTOR } from './plan.ts';

const CAPACITY = 29_600;

const NO_VXLAN = { vxlan: false };

function startsOf(situation = manyOpened(NO_VXLAN)): string[] {
  return planFor(situation)
    .remedies.filter(({ kind }) => kind === 'widen')
    .map(({ id }) => id);
}

describe('a wider range', () => {
  it('shows every start below the present one, and ranks one', () => {
    expect(startsOf().toSorted()).toEqual(
      [1025, 10_240, 16_384, 20_000, 30_000, 4790, 8192].map((start) => `widen-${start}`).toSorted(),
    );
    const ranked = planFor(manyOpened(NO_VXLAN)).remedies.filter(
      ({ kind, rank }) => kind === 'widen' && rank !== undefined,
    );
    expect(ranked.map(({ id }) => id)).toEqual(['widen-1025']);
    expect(startsOf(manyOpened({ ranges: [{ first: 20_000, last: 65_535 }] }))).not.toContain('widen-20000');
  });

  it.each([
    [
      'kube-proxy-iptables',
      "harmless with kube-proxy's iptables rules, but with a load balancer that answers clients directly",
    ],
    ['kube-proxy-nftables', "harmless with kube-proxy's nftables rules, but with a load balancer"],
    ['kube-proxy-ipvs', 'or an eBPF data plane such a connection fails'],
    [undefined, 'with a load balancer that answers clients directly (IBM VPC NLB) or an eBPF data plane'],
  ] as const)('says what NodePorts inside it mean with %s', (nodePortPlane, said) => {
    const situation = manyOpened(NO_VXLAN);
    const ports = { ...situation.ports, ...(nodePortPlane === undefined ? {} : { nodePortPlane }) };
    const [risk] = remedyIn(planFor({ ...situation, ports }), 'widen').risks;
    expect(risk).toContain('Egress may leave from NodePorts (30000-32767): ');
    expect(risk).toContain(said);
  });

  it('says in figures that a start half way buys little', () => {
    const plan = planFor(manyOpened(NO_VXLAN));
    const gain = (start: number): number =>
      (plan.remedies.find(({ id }) => id === `widen-${start}`)?.effect.capacityFlows ?? 0) / plan.today.capacityFlows;
    expect(plan.today.capacityFlows).toBeGreaterThan(CAPACITY * 0.98);
    expect(plan.today.capacityFlows).toBeLessThan(CAPACITY * 1.02);
    expect(gain(30_000)).toBeLessThan(1.04);
    expect(gain(10_240)).toBeGreaterThan(1.4);
    expect(gain(10_240)).toBeLessThan(1.6);
    expect(gain(1025)).toBeGreaterThan(1.9);
    expect(remedyIn(plan, 'widen').reasons.join(' ')).toMatch(
      /30000 buys \+[12] %, 16384 buys \+\d+ %, 10240 buys \+[45]\d %/,
    );
    const half = plan.remedies.find(({ id }) => id === 'widen-30000');
    expect(half?.standing).toBe('not-worth-it');
    expect(half?.reasons.join(' ')).toContain('first 30,000 of them are tried twice as often');
  });

  it('stays above the VXLAN port while VXLAN is on or not known to be off', () => {
    for (const vxlan of [true, undefined]) {
      const plan = planFor(manyOpened(vxlan === undefined ? {} : { vxlan }));
      const widen = remedyIn(plan, 'widen');
      expect(widen.id).toBe('widen-4790');
      expect(widen.conflicts.filter(({ hurts }) => hurts)).toEqual([]);
      expect(widen.reasons[1]).toContain(
        vxlan === true ? 'it lies above a tunnel port' : 'VXLAN is not known to be off',
      );
      const lower = plan.remedies.find(({ id }) => id === 'widen-1025');
      expect(lower?.standing).toBe('not-worth-it');
      expect(lower?.conflicts[0]).toMatchObject({ hurts: true, chance: 1 / 65_536 });
      expect(lower?.reasons[0]).toMatch(/^1 in 65,500 flows of one protocol would get a port that hurts; 4790/);
    }
  });

  it('never ranks a start below the VXLAN port, though only the lower one reaches the goal', () => {
    const dns = { protocol: UDP, perSecond: 900, holdSeconds: 30, nodes: 1, pods: 1 };
    for (const vxlan of [{ vxlan: true }, {}]) {
      const plan = planFor(manyOpened({ ...dns, ...vxlan }), { loadFactor: 2 });
      const widen = plan.remedies.filter(({ kind }) => kind === 'widen');
      expect(widen.filter(({ rank }) => rank !== undefined).map(({ id }) => id)).toEqual(['widen-4790']);
      expect(widen.find(({ id }) => id === 'widen-1025')).toMatchObject({ standing: 'not-worth-it' });
    }
    const ranges = [{ first: 4790, last: 65_535 }];
    expect(remedyIn(planFor(manyOpened({ ...dns, ranges })), 'widen')).toMatchObject({ standing: 'not-possible' });
  });

  it('says that it bears no more where any load is borne already, and what it is good for', () => {
    const behaviour = eraBehaviour('6.5');
    const plan = planFor(manyOpened({ behaviour, vxlan: true }));
    const widen = remedyIn(plan, 'widen');
    expect(widen.id).toBe('widen-4790');
    expect(widen.effect.capacityFlows).toBe(MOST_FACTOR);
    expect(widen.reasons[0]).toBe(
      'A node bears any number of short connections to one destination already; in a wider range the port of a closed one is taken over later.',
    );
    expect(JSON.stringify(plan.remedies.filter(({ kind }) => kind === 'widen'))).not.toMatch(/ 0 %|\+0/);
  });

  it("is not possible for a protocol that natPortRange leaves alone: its ports are the kernel's own", () => {
    const plan = planFor(manyOpened({ protocol: SCTP, perSecond: 3, holdSeconds: 10 }));
    expect(plan.situation.ports).toMatchObject({ ranges: [{ first: 1024, last: 65_535 }], isDefault: true });
    expect(plan.situation.assumptions.join('; ')).toContain('natPortRange is for TCP and UDP only');
    for (const range of [undefined, [{ first: 32_768, last: 65_535 }]]) {
      const ranges = range === undefined ? {} : { ranges: range };
      const { remedies } = planFor(manyOpened({ protocol: SCTP, perSecond: 3000, ...ranges }));
      expect(remedies.filter(({ kind }) => kind === 'widen')).toMatchObject([
        { id: 'widen', standing: 'not-possible' },
      ]);
      expect(remedies.find(({ kind }) => kind === 'widen')?.reasons[0]).toBe('natPortRange is for TCP and UDP only.');
      for (const kind of ['split-range', 'more-addresses'])
        expect(remedies.find((remedy) => remedy.kind === kind)).toMatchObject({ standing: 'not-possible' });
    }
  });

  it("stays above Cilium's VXLAN port as well", () => {
    const claims: PortClaim[] = [
      { kind: 'untracked', protocol: UDP, ports: { first: 8472, last: 8472 }, owner: 'cilium', source: 'raw' },
    ];
    expect(remedyIn(planFor(manyOpened({ claims, vxlan: false })), 'widen').id).toBe('widen-8473');
  });

  it('lists whose ports come to lie inside, and counts a favoured port twice', () => {
    const claims: PortClaim[] = [
      {
        kind: 'listener',
        protocol: TCP,
        ports: { first: 10_250, last: 10_250 },
        owner: 'kubelet',
        source: 'sock_diag',
      },
      { kind: 'dnat', protocol: TCP, ports: { first: 30_080, last: 30_080 }, owner: 'kube-proxy', source: 'nat' },
      { kind: 'listener', protocol: TCP, ports: { first: 40_000, last: 40_000 }, owner: 'x', source: 'sock_diag' },
      { kind: 'host-port', protocol: TCP, ports: { first: 20_100, last: 20_100 }, owner: 'cilium', source: 'bpf' },
    ];
    const plan = planFor(manyOpened({ claims, vxlan: false }));
    const wide = plan.remedies.find(({ id }) => id === 'widen-1025');
    expect(wide?.conflicts.map(({ claim }) => claim.ports.first)).toEqual([20_100, 10_250, 30_000, 30_080]);
    expect(wide?.conflicts[0]).toMatchObject({ hurts: true, chance: 1 / 65_536 });
    expect(wide?.conflicts.find(({ claim }) => claim.kind === 'node-port')?.truth).toContain(
      '1 NodePort of 30000-32767 is',
    );
    const half = plan.remedies.find(({ id }) => id === 'widen-20000');
    expect(half?.conflicts[0]).toMatchObject({ chance: 2 / 65_536 });
  });

  it('prefers a start without a port that hurts where that reaches the goal too', () => {
    const claims: PortClaim[] = [
      { kind: 'host-port', protocol: TCP, ports: { first: 9000, last: 9000 }, owner: 'cilium', source: 'bpf' },
    ];
    expect(remedyIn(planFor(manyOpened({ claims, vxlan: false })), 'widen')).toMatchObject({
      id: 'widen-10240',
      standing: 'reaches-goal',
    });
  });

  it('writes the command of IBM and Calico, and takes it back exactly', () => {
    const widen = remedyIn(planFor(manyOpened({ vxlan: true })), 'widen');
    expect(widen.command).toBe(
      `calicoctl patch felixconfiguration default --patch '{"spec":{"natPortRange": "4790:65535"}}'`,
    );
    expect(widen.undo).toBe(
      `calicoctl patch felixconfiguration default --patch '{"spec":{"natPortRange": "32768:65535"}}'`,
    );
  });

  it('is not possible where nothing is left to widen, or the owner has no such setting', () => {
    const whole = remedyIn(planFor(manyOpened({ ranges: [{ first: 1024, last: 65_535 }] })), 'widen');
    expect(whole).toMatchObject({ standing: 'not-possible', change: { kind: 'none' } });
    expect(whole.reasons[0]).toContain('already');
    for (const owner of ['flannel', 'unknown', 'kube-proxy', 'cilium'] as const) {
      const plan = planFor(manyOpened({ owner }));
      const widens = plan.remedies.filter(({ kind }) => kind === 'widen');
      expect(widens).toHaveLength(1);
      expect(widens[0]).toMatchObject({ standing: 'not-possible' });
      expect(widens[0]?.command).toBeUndefined();
    }
  });
});
