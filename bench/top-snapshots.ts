// Looks of the live view at a synthetic node, for its benchmark.
import { diagnose } from '../src/core/analysis/diagnose.ts';
import type { TopSnapshot } from '../src/present/top/node-look.ts';
import { ObservedNode } from '../src/present/top/observed-node.ts';
import { type SyntheticOptions, syntheticNode } from './synthetic-node.ts';

const BUSY = 10;

/** Makes a new look of the same node each time: what was opened in one is not yet opened in the next. */
export function topSnapshots(options: Pick<SyntheticOptions, 'flows' | 'spaces'>): () => TopSnapshot {
  const facts = syntheticNode({ ...options, busy: BUSY, newPerSecond: 200 });
  const diagnosis = diagnose(facts);
  return () => ({
    at: '2026-11-22T03:12:04Z',
    nodes: [{ node: facts.node, look: new ObservedNode(facts, diagnosis) }],
    pace: { intervalSeconds: 2, actualSeconds: 2.1, lookSeconds: 0.05 },
  });
}
