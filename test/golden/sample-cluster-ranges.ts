// Clusters whose effective ranges are shown: a quiet one, one with layers and traps, a poisoned one, one that was hardly read.
import type { ClusterRange } from '../../src/core/analysis/cluster-range.ts';
import type { IpPool } from '../../src/core/model/calico/ip-pool.ts';
import {
  RANGE_ANNOTATION,
  UNREAD,
  answer,
  configuration,
  environment,
  seen,
  variable,
} from '../analysis/felix-facts-fixture.ts';

const POOL: IpPool = {
  name: 'default-ipv4-ippool',
  cidr: '172.30.0.0/16',
  natOutgoing: true,
  disabled: false,
  vxlanMode: 'Never',
  ipipMode: 'CrossSubnet',
  allowedUses: ['Workload', 'Tunnel'],
};

const DEFAULT = configuration('default', '32768:65535');

function nodeNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `worker-${index + 1}`);
}

const QUIET: ClusterRange = {
  cluster: 'prod-eu',
  nodes: nodeNames(8).map((node) => answer([DEFAULT], { node })),
  masquerader: { by: 'calico', evidence: 'natOutgoing of default-ipv4-ippool' },
  pools: seen([POOL]),
  nodePorts: { range: { first: 30_000, last: 32_767 }, source: 'api-server-answer' },
  calicoVersion: seen('v3.32.1'),
  apiGroup: seen('crd.projectcalico.org/v1'),
  gaps: [],
};

const LAYERED = [
  DEFAULT,
  configuration('node.worker-3', '20000-65535'),
  configuration('node.worker-4', '4790:65535'),
  configuration('egress', 1024, { nodeSelector: 'pool == "egress"', creationTimestamp: '2026-01-01T00:00:00Z' }),
  configuration('egress-new', '24000:65535', { nodeSelector: 'has(pool)', creationTimestamp: '2026-03-01T00:00:00Z' }),
];

const LABELS = { pool: 'egress' };

/** One SAMPLE per state a person may find. */
export const SAMPLE_RANGES = {
  quiet: QUIET,
  layered: {
    ...QUIET,
    pools: seen([POOL, { ...POOL, name: 'vpc-internal', cidr: '10.0.0.0/8', natOutgoing: false, disabled: true }]),
    nodePorts: { range: { first: 30_000, last: 32_767 }, source: 'assumed' },
    nodes: [
      ...nodeNames(4).map((node) => answer(LAYERED, { node, labels: seen({}) })),
      answer(LAYERED, { node: 'worker-5', labels: seen(LABELS) }),
      answer(LAYERED, { node: 'worker-6', labels: seen({}), environment: variable('17000:65535') }),
      answer(LAYERED, { node: 'worker-7', labels: seen({}), environment: UNREAD }),
    ],
  },
  poisoned: {
    ...QUIET,
    nodes: nodeNames(3).map((node) => answer([DEFAULT, configuration('node.worker-9', '70000:1')], { node })),
  },
  annotated: {
    ...QUIET,
    nodes: nodeNames(2).map((node) =>
      answer([{ ...DEFAULT, annotations: { [RANGE_ANNOTATION]: '23000:65535' } }], {
        node,
        environment: environment({ unread: [{ from: 'ConfigMap kube-system/kubernetes-services-endpoint' }] }),
      }),
    ),
  },
  blind: {
    ...QUIET,
    nodes: nodeNames(2).map((node) => answer([], { node, configurations: UNREAD })),
    masquerader: { by: 'unknown', evidence: 'no IPPool was read' },
    pools: UNREAD,
    nodePorts: { range: { first: 30_012, last: 31_877 }, source: 'observed' },
    calicoVersion: UNREAD,
    apiGroup: UNREAD,
    gaps: [
      {
        id: 'ip-pools',
        what: 'the IPPools',
        why: UNREAD.why,
        weakens: 'whether Calico translates egress',
        remedy: 'portolan rbac | kubectl apply -f -',
      },
    ],
  },
  cilium: {
    ...QUIET,
    nodes: [answer([], {})],
    masquerader: { by: 'cilium', evidence: 'DaemonSet kube-system/cilium' },
    pools: seen([]),
  },
} as const satisfies Readonly<Record<string, ClusterRange>>;
