import { describe, expect, it } from 'vitest';
import { type NodeLook, isBlind, judgeLook } from './node-look.ts';

const RANGE = { first: 4790, last: 65_535 };
const UNREAD = { seen: false, why: 'forbidden' } as const;
const GOOD: NodeLook = {
  rule: { seen: true, value: { tcp: RANGE, udp: RANGE, nodePortPlane: 'unknown' } },
  felix: { seen: true, value: { isReady: true, pod: 'a/b', said: { seen: true, value: '4790:65535' } } },
  flows: { seen: true, value: new Map([['old', 2000]]) },
};
const flows = (...ports: number[]): NodeLook['flows'] => ({
  seen: true,
  value: new Map([['old', 2000], ...ports.map((port, index) => [`new ${index}`, port] as const)]),
});

describe('a look at a node', () => {
  it('needs a second one to tell new flows from old ones', () => {
    const question = { range: RANGE, level: 'rules' } as const;
    expect(judgeLook(GOOD, { ...question, former: undefined })).toMatchObject({
      missing: 'a second look at the flows',
      oldFlows: 1,
    });
    const second = judgeLook({ ...GOOD, flows: flows(5000, 6000) }, { ...question, former: GOOD });
    expect(second).toMatchObject({ rule: 'yes', felix: 'yes', newFlows: { inside: 2, seen: 2 }, oldFlows: 1 });
    expect(second.missing).toBeUndefined();
  });

  it.each([
    [
      'a new flow outside',
      { ...GOOD, flows: flows(5000, 1024) },
      '1 of 2 new flows left with a port outside the range',
    ],
    [
      'no range for UDP',
      { ...GOOD, rule: { seen: true, value: { tcp: RANGE, udp: undefined, nodePortPlane: 'unknown' } } },
      'rule 4790-65535 for TCP, no range for UDP',
    ],
    [
      'another rule first',
      {
        ...GOOD,
        rule: {
          seen: true,
          value: { tcp: RANGE, udp: RANGE, nodePortPlane: 'unknown', takenBefore: 'MASQUERADE of flannel' },
        },
      },
      'MASQUERADE of flannel takes the egress of pods first',
    ],
    [
      'a Felix that is not ready',
      { ...GOOD, felix: { seen: true, value: { isReady: false, pod: 'a/b', said: UNREAD } } },
      'calico-node a/b is not ready',
    ],
  ] satisfies readonly [string, NodeLook, string][])('waits at %s', (_, look, missing) => {
    expect(judgeLook(look, { range: RANGE, level: 'rules', former: GOOD }).missing).toBe(missing);
  });

  it('takes the word of Felix where rules are not seen, but not its silence', () => {
    const question = { range: RANGE, level: 'rules', former: undefined } as const;
    const blind = { ...GOOD, rule: UNREAD, flows: UNREAD };
    expect(judgeLook(blind, question)).toMatchObject({ rule: 'not-seen', felix: 'yes' });
    expect(judgeLook(blind, question).missing).toBeUndefined();
    const other = { isReady: true, pod: 'a/b', said: { seen: true, value: '32768:65535' } } as const;
    expect(judgeLook({ ...blind, felix: { seen: true, value: other } }, question).missing).toContain(
      'it last took 32768:65535',
    );
    expect(judgeLook({ ...blind, felix: UNREAD }, question).missing).toContain('rules not read: forbidden');
  });

  it('is never a pass when nothing is seen', () => {
    const nothing: NodeLook = { rule: UNREAD, felix: UNREAD, flows: UNREAD };
    for (const level of ['rules', 'ready'] as const)
      for (const range of [RANGE, undefined]) {
        expect(judgeLook(nothing, { range, level, former: nothing }).missing).toBeDefined();
        expect(isBlind(nothing, level)).toBe(true);
      }
  });
});
