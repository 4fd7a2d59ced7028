import { describe, expect, it } from 'vitest';
import { manyOpen, manyOpened, planFor, remedyIn } from '../../../test/advice/situation-fixture.ts';
import { UDP } from '../model/protocol.ts';
import type { Remedy } from './plan.ts';

function holdOf(situation = manyOpened()): Remedy {
  return remedyIn(planFor(situation), 'hold-time');
}

describe('a shorter hold time', () => {
  it('never goes below 60 s where the remote closes first, or may', () => {
    for (const given of [{}, { remoteClosesFirst: 0.1 }, { remoteClosesFirst: 1 }]) {
      const hold = holdOf(manyOpened(given));
      expect(hold.change).toMatchObject({ kind: 'hold-time', timeWaitSeconds: 60 });
      expect(hold.reasons.join(' ')).toContain('Not below 60 s');
    }
    expect(holdOf(manyOpened({ remoteClosesFirst: 0 })).change).toMatchObject({ timeWaitSeconds: 30 });
  });

  it('halves the ports that closed connections hold', () => {
    const plan = planFor(manyOpened());
    const hold = remedyIn(plan, 'hold-time');
    expect(hold.standing).toBe('reaches-goal');
    expect(hold.effect.bearsFactor / plan.today.bearsFactor).toBeCloseTo(2, 1);
    expect(hold.effect.capacityPerSecond ?? 0).toBeCloseTo(2 * (plan.today.capacityPerSecond ?? 0), -1);
    expect(hold.command).toContain('ip daddr 203.0.113.9 tcp dport 443 ct timeout set');
    expect(hold.undo).toBe('nft delete table ip portolan_hold');
  });

  it('gains nothing where the kernel takes closing entries over, where connections stay open, or where it is short already', () => {
    const taking = holdOf(manyOpened({ behaviour: { search: 'windows', evictsClosing: 'yes' } }));
    expect(taking).toMatchObject({ standing: 'not-worth-it' });
    expect(taking.reasons[0]).toContain('This kernel gives the port');
    expect(holdOf(manyOpen())).toMatchObject({ standing: 'not-worth-it' });
    expect(holdOf(manyOpened({ timeWaitSeconds: 60, holdSeconds: 60 }))).toMatchObject({ standing: 'not-worth-it' });
    for (const remedy of [taking, holdOf(manyOpen())]) expect(remedy.command).toBeUndefined();
  });

  it('is not for datagrams', () => {
    const dns = manyOpened({ protocol: UDP, remotePort: 53, holdSeconds: 30, perSecond: 1200 });
    expect(holdOf(dns)).toMatchObject({ standing: 'not-possible', change: { kind: 'none' } });
  });

  it('writes IPv6 for an IPv6 destination', () => {
    const { change } = holdOf(manyOpened({ remoteAddress: '2001:db8::9' }));
    expect(JSON.stringify(change)).toContain('ip6 daddr 2001:db8::9 tcp dport 443');
  });
});
