// Looks of the live view at a synthetic node, for its benchmark.
import { diagnose } from '../src/core/analysis/diagnose.ts';
import type { TopSnapshot } from '../src/present/top/node-look.ts';
import { ObservedNode } from '../src/present/top/observed-node.ts';
import { type SyntheticOptions, syntheticNode } from './synthetic-node.ts';

const BUSY = 10;

/** Two looks that differ in their flows. */
export function topSnapshots(options: Pick<SyntheticOptions, 'flows' | 'spaces'>): readonly TopSnapshot[] {
  return [options.flows, Math.round(options.flows * 0.97)].map((flows) => {
    const facts = syntheticNode({ ...options, flows, busy: BUSY, newPerSecond: 200 });
    const look = new ObservedNode(facts, diagnose(facts));
    return {
      at: '2026-11-22T03:12:04Z',
      nodes: [{ node: facts.node, look }],
      pace: { intervalSeconds: 2, actualSeconds: 2.1, lookSeconds: 0.05 },
    };
  });
}
