import { describe, expect, it } from 'vitest';
import type { OpenedConflict } from '../../core/advice/plan.ts';
import { TCP } from '../../core/model/protocol.ts';
import { conflictNotes, conflictSentences } from './plan-conflicts.ts';

/** So many NodePorts from 30000 on, each seen in a chain of its own. */
function nodePorts(count: number, hurts: boolean): OpenedConflict[] {
  return Array.from({ length: count }, (_, index) => ({
    claim: {
      kind: 'node-port',
      protocol: TCP,
      ports: { first: 30_000 + 2 * index, last: 30_000 + 2 * index },
      owner: 'kube-proxy',
      source: `chain ${index}`,
    },
    hurts,
    truth: hurts ? 'that connection fails' : 'harmless with conntrack rules',
    chance: hurts ? 1 / 50_000 : 0,
  }));
}

describe('conflicts of a remedy', () => {
  it('are one phrase per kind, however many, with the chances added up', () => {
    expect(conflictNotes([...nodePorts(500, true), ...nodePorts(1000, false)])).toEqual([
      'conflict: tcp 30000 and 499 more NodePorts of kube-proxy: hits 1 in 100 new tcp flows: that connection fails',
      '1,000 ports of others inside it: harmless here',
    ]);
    expect(conflictSentences([...nodePorts(500, true), ...nodePorts(1, false)])).toEqual([
      'inside the range then: tcp 30000 and 499 more NodePorts of kube-proxy: hurts: that connection fails; hits 1 in 100 new tcp flows (seen in chain 0, chain 1, chain 2 and 497 more)',
      'inside the range then: tcp 30000 NodePort of kube-proxy: harmless with conntrack rules (seen in chain 0)',
    ]);
  });

  it('leave the NodePort range as a whole to the risk: nobody has looked whether its ports are harmless', () => {
    const [port] = nodePorts(1, false);
    const range =
      port === undefined ? [] : [{ ...port, claim: { ...port.claim, ports: { first: 30_000, last: 32_767 } } }];
    expect(conflictNotes(range)).toEqual([]);
    expect(conflictNotes([...range, ...nodePorts(2, false)])).toEqual(['2 ports of others inside it: harmless here']);
  });

  it('are nothing where there are none', () => {
    expect([...conflictNotes([]), ...conflictSentences([])]).toEqual([]);
  });
});
