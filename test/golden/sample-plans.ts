// Made-up plans, one per kind of answer; the figures are plausible, not computed.
import { PLAN_SCHEMA, type Effect, type Plan, type Remedy } from '../../src/core/advice/plan.ts';
import { NODE_PORT_RANGE, type Situation } from '../../src/core/advice/situation.ts';
import { TCP } from '../../src/core/model/protocol.ts';
import type { PortClaim } from '../../src/core/model/port-claim.ts';

const RANGE = { first: 32_768, last: 65_535 };

const NODE_PORT: PortClaim = {
  kind: 'node-port',
  protocol: TCP,
  ports: { first: 31_313, last: 31_313 },
  owner: 'kube-proxy',
  source: 'nat ip KUBE-NODEPORTS',
};

const CHURN: Situation = {
  subject: 'node worker-3',
  load: {
    protocol: TCP,
    family: 4,
    remoteAddress: '203.0.113.9',
    remotePort: 443,
    perSecond: 268,
    holdSeconds: 120,
    flows: 32_160,
    liveShare: 0.04,
    pattern: 'fixed',
    remoteClosesFirst: 0,
  },
  placement: { nodes: 6, pods: 3, hottestShare: 1, surgePods: 0 },
  ports: {
    ranges: [RANGE],
    isDefault: false,
    owner: 'calico',
    snatAddresses: 1,
    claims: [NODE_PORT],
    behaviour: { search: 'windows', evictsClosing: 'no' },
    vxlan: true,
    nodePortRange: NODE_PORT_RANGE,
  },
  timeWaitSeconds: 120,
  measuredDrop: 1 / 35,
  assumptions: [],
  workload: { namespace: 'payments', name: 'checkout', kind: 'deployment' },
};

function effect(flows: number, perSecond: number, dropToday: number, dropAtGoal: number): Effect {
  return { capacityFlows: flows, capacityPerSecond: perSecond, dropToday, dropAtGoal, bearsFactor: perSecond / 268 };
}

function withoutRate({ capacityFlows, dropToday, dropAtGoal, bearsFactor }: Effect): Effect {
  return { capacityFlows, dropToday, dropAtGoal, bearsFactor };
}

const TODAY = effect(29_598, 247, 0.0455, 0.491);

const SPREAD_PATCH = {
  spec: {
    template: {
      spec: {
        topologySpreadConstraints: [
          { maxSkew: 1, topologyKey: 'kubernetes.io/hostname', whenUnsatisfiable: 'ScheduleAnyway' },
        ],
      },
    },
  },
};

const SPREAD: Remedy = {
  id: 'spread',
  kind: 'spread',
  standing: 'best',
  rank: 1,
  title: 'spread checkout over 3 nodes (now 1)',
  change: { kind: 'spread', nodes: 3, podsPerNode: 1, patch: SPREAD_PATCH },
  effect: effect(29_598, 741, 0, 1.2e-7),
  risks: ['The pods are restarted once (a rollout of checkout).'],
  conflicts: [],
  preconditions: ['3 nodes can take one more pod of checkout each.'],
  reasons: ["It is the page's preferred remedy.", 'Each node then carries a third of the connections.'],
  command: `kubectl -n payments patch deployment/checkout --type=strategic --patch '${JSON.stringify(SPREAD_PATCH)}'`,
  undo: 'kubectl -n payments rollout undo deployment/checkout',
};

const WIDEN: Remedy = {
  id: 'widen-4790',
  kind: 'widen',
  standing: 'helps',
  rank: 2,
  title: 'natPortRange 4790:65535',
  change: { kind: 'nat-port-range', from: RANGE, to: { first: 4790, last: 65_535 } },
  effect: effect(53_461, 446, 1e-12, 0.12),
  risks: ["Calico's agent (Felix) restarts on every node; connections keep running."],
  conflicts: [
    {
      claim: NODE_PORT,
      hurts: true,
      truth: 'a load balancer that answers clients directly sends to this port: that connection fails',
      chance: 1 / 60_746,
    },
  ],
  preconditions: ['Calico translates the egress of these pods.'],
  reasons: ['The range starts above the VXLAN port 4789.', 'Alone it does not reach the goal.'],
  command: `calicoctl patch felixconfiguration default --patch '{"spec":{"natPortRange":"4790:65535"}}'`,
  undo: `calicoctl patch felixconfiguration default --patch '{"spec":{"natPortRange":"32768:65535"}}'`,
};

const SPLIT: Remedy = {
  id: 'split-range',
  kind: 'split-range',
  standing: 'helps',
  rank: 3,
  title: 'split range, 61,440 ports without one NodePort',
  change: { kind: 'split-range', parts: [{ first: 4096, last: 28_671 }, RANGE], ruleset: 'table ip portolan {\n}\n' },
  effect: effect(55_500, 463, 1e-12, 0.08),
  risks: ["A rule of our own stands before Calico's."],
  conflicts: [],
  preconditions: ['nftables on every node.'],
  reasons: ['Alone it does not reach the goal.'],
  command: "nft -f - <<'END'\ntable ip portolan {\n}\nEND",
  undo: 'nft delete table ip portolan',
};

const HALF_WAY: Remedy = {
  id: 'widen-20000',
  kind: 'widen',
  standing: 'not-worth-it',
  title: 'natPortRange 20000:65535',
  change: { kind: 'nat-port-range', from: RANGE, to: { first: 20_000, last: 65_535 } },
  effect: effect(33_004, 275, 0.0011, 0.45),
  risks: [],
  conflicts: [],
  preconditions: [],
  reasons: ['It buys 11 % only: the kernel begins its search in the low part of such a range more often.'],
  command: `calicoctl patch felixconfiguration default --patch '{"spec":{"natPortRange":"20000:65535"}}'`,
};

const REUSE: Remedy = {
  id: 'reuse-connections',
  kind: 'reuse-connections',
  standing: 'reaches-goal',
  rank: 4,
  title: 'keep-alive: 3 requests per connection',
  change: { kind: 'reuse-connections', perSecond: 247, heldAtOnce: 29_598, requestsPerConnection: 3 },
  effect: effect(29_598, 247, 0, 1e-4),
  risks: ['The program has to be changed.'],
  conflicts: [],
  preconditions: [],
  reasons: ['3 requests per connection are enough.'],
};

const NOTHING: Remedy = {
  id: 'do-nothing',
  kind: 'do-nothing',
  standing: 'not-worth-it',
  title: 'do nothing',
  change: { kind: 'none' },
  effect: TODAY,
  risks: [],
  conflicts: [],
  preconditions: [],
  reasons: ['1 in 22 new connections is lost already.'],
};

const ADDRESSES: Remedy = {
  id: 'more-addresses',
  kind: 'more-addresses',
  standing: 'not-possible',
  title: '3 addresses per node',
  change: { kind: 'more-addresses', addresses: 3 },
  effect: effect(88_794, 741, 0, 1.2e-7),
  risks: [],
  conflicts: [],
  preconditions: [],
  reasons: ['Calico masquerades with one address per node.'],
};

const churn: Plan = {
  schema: PLAN_SCHEMA,
  at: '2026-11-22T03:12:00Z',
  goal: { targetDrop: 0.001, loadFactor: 2 },
  situation: CHURN,
  today: TODAY,
  remedies: [SPREAD, WIDEN, SPLIT, REUSE, HALF_WAY, NOTHING, ADDRESSES],
  whatIfs: [],
  conclusion: "Best: 1. It is also the page's preferred remedy; 2 alone does not reach the goal.",
  goalReached: true,
  gaps: [],
  next: 'portolan plan --explain',
};

const held: Plan = {
  ...churn,
  situation: {
    subject: 'figures given',
    load: {
      protocol: TCP,
      family: 4,
      remoteAddress: '203.0.113.9',
      remotePort: 443,
      flows: 31_000,
      liveShare: 1,
      pattern: 'exponential',
    },
    placement: { nodes: 1, hottestShare: 1, surgePods: 0 },
    ports: { ...CHURN.ports, claims: [], behaviour: { search: 'windows', evictsClosing: 'yes' } },
    timeWaitSeconds: 120,
    assumptions: ['One node carries all of it.', 'The kernel takes closing connections over (Linux 6.5 and later).'],
  },
  today: { capacityFlows: 29_000, dropToday: 0.06, dropAtGoal: 0.48, bearsFactor: 0.94 },
  remedies: [SPREAD, WIDEN, NOTHING].map((remedy) => ({ ...remedy, effect: withoutRate(remedy.effect) })),
};

const { rank: _, ...UNRANKED_SPREAD } = SPREAD;

/** 200,000 connections to one destination from one address: no remedy does it. */
const impossible: Plan = {
  ...held,
  goal: { targetDrop: 0, loadFactor: 1 },
  remedies: [
    {
      ...WIDEN,
      rank: 1,
      standing: 'best',
      effect: { capacityFlows: 53_461, dropToday: 0.7, dropAtGoal: 0.7, bearsFactor: 0.27 },
    },
    { ...UNRANKED_SPREAD, standing: 'not-possible', reasons: ['There is one node.'] },
  ],
  goalReached: false,
  conclusion:
    'No remedy reaches the goal. A kernel can lose a connection as soon as ports are held, so 0 is not to be had; the nearest possible: 1 in 1,000 at 53,461 connections.',
  next: 'portolan plan --target 1/1000',
};

const blind: Plan = {
  ...churn,
  gaps: [
    {
      id: 'nat-rules',
      what: 'NAT rules were not read',
      why: 'EPERM: needs CAP_NET_ADMIN',
      weakens: 'the range',
      remedy: 'sudo portolan plan',
    },
  ],
};

const withWhatIfs: Plan = {
  ...churn,
  whatIfs: [
    {
      title: 'natPortRange=20000:65535',
      effect: effect(33_004, 275, 0.0011, 0.45),
      notes: ['Wider by 39 %, but it bears 11 % more only.'],
    },
    { title: 'nodes=3,pods=3', effect: effect(29_598, 741, 0, 1.2e-7), notes: [] },
  ],
};

/** Read through an API server, whose text tells less; on this node more rights would tell more. */
const inCluster: Plan = {
  ...blind,
  cluster: { context: 'prod', nodes: ['worker-3'], layers: [] },
  next: 'portolan apply plan.json#1',
};

export const SAMPLE_PLANS = {
  churn,
  held,
  impossible,
  blind,
  'in-cluster': inCluster,
  'what-if': withWhatIfs,
} as const;
