import { describe, expect, it } from 'vitest';
import { manyOpen, manyOpened, planFor, remedyIn } from '../../../test/advice/situation-fixture.ts';
import { UDP } from '../model/protocol.ts';

describe('more SNAT addresses', () => {
  it('counts those that are needed, and is not possible while none is named', () => {
    const remedy = remedyIn(planFor(manyOpen()), 'more-addresses');
    expect(remedy).toMatchObject({ standing: 'not-possible', change: { addresses: 2 } });
    expect(remedy.reasons[0]).toContain('2 addresses are needed on each node, and none is named');
    expect(remedy.reasons.join(' ')).toContain('one pod to one destination stays on one address');
  });

  it('draws one of the named addresses for each flow', () => {
    const named = manyOpen({ spareAddresses: ['192.0.2.51', '192.0.2.52', '192.0.2.53'] });
    const remedy = remedyIn(planFor(named), 'more-addresses');
    expect(remedy.standing).toBe('reaches-goal');
    expect(remedy.command).toContain('numgen random mod 2 vmap { 0 : goto part_0, 1 : goto part_1 }');
    expect(remedy.command).toContain('snat to 192.0.2.52:32768-65535 fully-random');
    expect(remedy.effect.capacityFlows).toBeCloseTo(2 * planFor(named).today.capacityFlows, 0);
  });

  it('gives up where nobody could route so many', () => {
    const remedy = remedyIn(planFor(manyOpen({ flows: 3_000_000 })), 'more-addresses');
    expect(remedy.reasons[0]).toMatch(/^\d+ addresses on every node/);
  });
});

describe('keeping connections open', () => {
  it('says how many requests must share a connection, and what rate may remain', () => {
    const plan = planFor(manyOpened(), { loadFactor: 2 });
    const reuse = remedyIn(plan, 'reuse-connections');
    expect(reuse.change).toMatchObject({ requestsPerConnection: 3, heldAtOnce: plan.today.capacityFlows });
    expect(reuse.standing).toBe('reaches-goal');
    expect(reuse.effect.dropAtGoal).toBeLessThanOrEqual(1e-3);
    expect(reuse.command).toBeUndefined();
    expect(plan.remedies.findLast(({ standing }) => standing === 'reaches-goal')).toBe(reuse);
  });

  it('only helps where connections are held open, and is not for datagrams', () => {
    expect(remedyIn(planFor(manyOpen()), 'reuse-connections').standing).toBe('helps');
    const dns = planFor(manyOpened({ protocol: UDP, remotePort: 53, holdSeconds: 30, perSecond: 1200 }));
    expect(remedyIn(dns, 'reuse-connections').standing).toBe('not-possible');
  });
});

describe('doing nothing', () => {
  it('is best where the goal is met already', () => {
    const plan = planFor(manyOpened({ perSecond: 30 }));
    expect(plan.remedies[0]).toMatchObject({ kind: 'do-nothing', standing: 'best', rank: 1, change: { kind: 'none' } });
    expect(plan.conclusion).toMatch(/^Nothing needs to be done/);
    expect(plan.next).toBe('portolan diagnose');
  });

  it('forecasts losses, late connections and failures at today and at the goal', () => {
    const nothing = remedyIn(planFor(manyOpened(), { loadFactor: 2 }), 'do-nothing');
    expect(nothing.standing).toBe('not-worth-it');
    const text = nothing.reasons.join('\n');
    expect(text).toMatch(/Today that is \d+\/s of SYNs lost there: [\d,]+ connections a minute come 1 s late or more/);
    expect(text).toMatch(/At 2 times today's load the next connection on the fullest node is lost/);
  });

  it('counts three SYNs in 5 s on an older kernel and five on a newer one', () => {
    const failing = (evictsClosing: 'yes' | 'no'): string => {
      const situation = manyOpened({ perSecond: 275, liveShare: 1, behaviour: { search: 'windows', evictsClosing } });
      return remedyIn(planFor(situation), 'do-nothing').reasons.join(' ');
    };
    expect(failing('no')).not.toBe(failing('yes'));
  });

  it('speaks of no lost SYNs where none is lost, and of no closed connections for datagrams', () => {
    const quiet = planFor(manyOpened({ perSecond: 10 }));
    expect(remedyIn(quiet, 'do-nothing').reasons.join(' ')).not.toContain('SYNs');
    expect(remedyIn(planFor(manyOpened({ perSecond: 10, nodes: 1, pods: 1 })), 'spread').title).toBe(
      'spread checkout over more nodes',
    );
    expect(quiet.situation.assumptions.join(' ')).toContain('closed connection');
    expect(planFor(manyOpened({ protocol: UDP })).situation.assumptions.join(' ')).not.toContain('closed connection');
  });

  it('says of connections that are open already that fewer would do', () => {
    expect(remedyIn(planFor(manyOpen()), 'reuse-connections').title).toBe('hold fewer connections: 1 in place of 2');
    expect(remedyIn(planFor(manyOpened()), 'reuse-connections').title).toBe(
      'keep connections open: 2 requests on each',
    );
  });

  it('warns of ports that come back too early where closed ones are taken over and the remote may close first', () => {
    const behaviour = { search: 'windows', evictsClosing: 'yes' } as const;
    const churn = { behaviour, holdSeconds: 122, perSecond: 300 };
    const plan = planFor(manyOpened(churn));
    expect(plan.remedies[0]).toMatchObject({ kind: 'do-nothing', standing: 'best' });
    expect(plan.conclusion).toMatch(
      /But: New connections take the ports of closed ones over, and if the remote closes first/,
    );
    expect(remedyIn(plan, 'do-nothing').reasons[0]).toMatch(/^A node bears [\d,]+ open connections at once/);
    for (const calm of [{ remoteClosesFirst: 0 }, { perSecond: 100 }])
      expect(planFor(manyOpened({ ...churn, ...calm })).conclusion).not.toContain('But:');
    expect(planFor(manyOpened({ ...churn, holdSeconds: 120 })).conclusion).toContain('any number of short connections');
  });
});
