// Hand-made preflights, one per answer.
import { type NodePreflight, type Preflight, preflight, type PreflightSpace } from '../../src/core/advice/preflight.ts';
import type { EffectiveNatPortRange } from '../../src/core/analysis/range-chain.ts';
import { TCP } from '../../src/core/model/protocol.ts';
import { SAMPLE_RANGES } from './sample-cluster-ranges.ts';

const SPACE: PreflightSpace = {
  portSpace: {
    index: 0,
    zone: 0,
    protocol: TCP,
    snatAddress: '192.0.2.10',
    remoteAddress: '203.0.113.9',
    remotePort: 443,
    flows: 45_000,
  },
  heldFlows: 45_000,
  capacityPorts: 32_768,
  dropProbability: 0.31,
  bearsFactor: 0.7,
  fits: false,
  holders: [
    {
      holder: { kind: 'workload', workload: { kind: 'Deployment', namespace: 'payments', name: 'checkout' } },
      pods: 3,
      ports: 45_000,
      share: 1,
    },
  ],
};

const SET = SAMPLE_RANGES.quiet.nodes[0];

function chain(node: string, isSet: boolean): { readonly configured?: EffectiveNatPortRange } {
  if (SET === undefined) return {};
  return {
    configured: isSet ? { ...SET, node } : { ...SET, node, range: { kind: 'none' }, ruling: 'built-in', layers: [] },
  };
}

const FULL: NodePreflight = {
  node: 'worker-3',
  move: 'changes',
  ...chain('worker-3', false),
  fit: { node: 'worker-3', spaces: [SPACE], gaps: [] },
};
const ROOMY: NodePreflight = {
  node: 'worker-1',
  move: 'changes',
  ...chain('worker-1', false),
  fit: {
    node: 'worker-1',
    spaces: [{ ...SPACE, heldFlows: 4000, dropProbability: 1e-12, bearsFactor: 7.2, fits: true }],
    gaps: [],
  },
};
const KEEPS: NodePreflight = {
  node: 'worker-2',
  move: 'keeps',
  ...chain('worker-2', true),
  fit: { node: 'worker-2', spaces: [SPACE], gaps: [] },
};
const UNREAD: NodePreflight = { node: 'worker-9', move: 'changes', ...chain('worker-9', false), why: 'exec forbidden' };

function sample(nodes: readonly NodePreflight[]): Preflight {
  return preflight({
    cluster: 'prod-eu',
    at: '2026-05-01T12:00:00.000Z',
    to: { first: 32_768, last: 65_535 },
    kind: 'update',
    goal: { targetDrop: 0.001, loadFactor: 1 },
    nodes,
    widest: { first: 4790, last: 65_535 },
    gaps: [],
  });
}

export const SAMPLE_PREFLIGHTS = {
  misfit: sample([ROOMY, KEEPS, UNREAD, FULL]),
  fits: sample([ROOMY, KEEPS]),
  'cannot-tell': sample([UNREAD, ROOMY]),
  kept: sample([KEEPS]),
};
