import { describe, expect, it } from 'vitest';
import { GOAL, manyOpen, manyOpened } from '../../../test/advice/situation-fixture.ts';
import { makePlan } from './make-plan.ts';
import { MOST_FACTOR, type WhatIf, type WhatIfRequest } from './plan.ts';
import { SCTP } from '../model/protocol.ts';
import { eraBehaviour } from '../alloc/kernel-era.ts';

function ask(asked: Omit<WhatIfRequest, 'title'>, situation = manyOpened()): WhatIf {
  const request = { goal: GOAL, at: '2026-11-22T03:12:00Z', whatIfs: [{ title: 'asked', ...asked }], gaps: [] };
  const [answer] = makePlan(situation, request).whatIfs;
  if (answer === undefined) throw new Error('no answer');
  return answer;
}

describe('what if', () => {
  it('nothing is changed: the same as today', () => {
    const situation = manyOpened();
    expect(ask({}).effect).toEqual(makePlan(situation, { goal: GOAL, at: '', whatIfs: [], gaps: [] }).today);
  });

  it('half the rate, half the hold time or two evenly filled nodes: half the flows', () => {
    const today = ask({}).effect.bearsFactor;
    for (const asked of [{ perSecond: 150 }, { nodes: 2 }])
      expect(ask(asked).effect.bearsFactor).toBeCloseTo(2 * today, 6);
    expect(ask({ holdSeconds: 60 }).effect.bearsFactor).toBeCloseTo(2 * today, 6);
    expect(ask({ nodes: 6, pods: 3 }).effect.bearsFactor).toBeCloseTo(3 * today, 6);
  });

  it('how long connections are open: the closing time stays, and without a rate nothing changes', () => {
    const { load } = manyOpened();
    const closing = (load.holdSeconds ?? 0) * (1 - load.liveShare);
    const asked = ask({ liveSeconds: 30 }).effect;
    expect(asked.bearsFactor).toBeCloseTo(ask({ liveSeconds: 30, holdSeconds: 30 + closing }).effect.bearsFactor, 6);
    expect(asked.bearsFactor).toBeLessThan(ask({ liveSeconds: 1 }).effect.bearsFactor);
    expect(ask({ liveSeconds: 30 }, manyOpen()).notes.join(' ')).toMatch(/changes nothing here/);
  });

  it('another range, more addresses or another kernel', () => {
    const today = ask({}).effect.capacityFlows;
    expect(ask({ natPortRange: { first: 20_000, last: 65_535 } }).effect.capacityFlows / today).toBeCloseTo(1.1, 1);
    expect(ask({ addresses: 3 }).effect.capacityFlows).toBeCloseTo(3 * today, 6);
    const { capacityFlows } = ask({ behaviour: eraBehaviour('4.x') }).effect;
    expect(capacityFlows).toBeGreaterThan(today);
  });

  it('any load is borne where connections hardly live and their ports are taken over', () => {
    const behaviour = eraBehaviour('6.5');
    const short = ask({ behaviour });
    expect(short.effect).toMatchObject({ capacityFlows: MOST_FACTOR, capacityPerSecond: MOST_FACTOR });
    expect(short.effect).toMatchObject({ bearsFactor: MOST_FACTOR, dropAtGoal: expect.closeTo(0, 9) });
    expect(ask({ behaviour, addresses: 2 }).effect.capacityFlows).toBe(MOST_FACTOR);
    expect(ask({ behaviour, liveSeconds: 30 }).effect.capacityFlows).toBeLessThan(1e6);
    expect(ask({ natPortRange: { first: 20_000, last: 65_535 } }, manyOpened({ behaviour })).notes).toEqual([
      'Reaches the goal.',
    ]);
  });

  it('says what hurts in the range asked for, and whether the goal is reached', () => {
    const { notes } = ask({ natPortRange: { first: 1024, last: 65_535 } });
    expect(notes.join(' ')).toContain('1 in 65,500 flows of one protocol get a port that hurts: 4789-4789');
    expect(notes[0]).toBe('Reaches the goal.');
    expect(ask({ natPortRange: { first: 40_000, last: 65_535 } }).notes[0]).toBe(
      "Does not reach the goal (1 in 1,000 at today's load).",
    );
  });

  it('another natPortRange changes nothing for a protocol that it leaves alone', () => {
    const situation = manyOpened({ protocol: SCTP });
    const asked = ask({ natPortRange: { first: 20_000, last: 65_535 } }, situation);
    expect(asked.effect).toEqual(ask({}, situation).effect);
    expect(asked.notes).toContain('natPortRange changes nothing here: it is for TCP and UDP only.');
  });

  it('says where a figure changes nothing', () => {
    const held = manyOpened({ pattern: 'accumulating' });
    const { perSecond: _, holdSeconds: __, ...load } = held.load;
    expect(ask({ perSecond: 10 }, { ...held, load }).notes.join(' ')).toContain('changes nothing');
    expect(ask({ holdSeconds: 10 }, { ...held, load }).notes.join(' ')).toContain('changes nothing');
  });
});
