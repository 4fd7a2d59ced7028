// A made-up cluster of two nodes for the command line: one layer says the range.
import type { ClusterRange } from '../../src/core/analysis/cluster-range.ts';
import { effectiveNatPortRange } from '../../src/core/analysis/felix-range.ts';
import type { FelixRangeFacts } from '../../src/core/analysis/felix-range.ts';

const FACTS: FelixRangeFacts = {
  configurations: {
    seen: true,
    value: [
      {
        apiGroup: 'crd.projectcalico.org/v1',
        name: 'default',
        resourceVersion: '1',
        annotations: {},
        natPortRange: '32768:65535',
        settings: {},
      },
    ],
  },
  environment: { seen: true, value: { variables: {}, unread: [], configFile: { seen: true, value: undefined } } },
  labels: { seen: true, value: {} },
  calicoVersion: { seen: true, value: 'v3.31.0' },
};

export function sampleClusterRange(): ClusterRange {
  return {
    cluster: 'sample',
    nodes: ['worker-1', 'worker-2'].map((node) => effectiveNatPortRange(node, FACTS)),
    masquerader: { by: 'calico', evidence: 'natOutgoing of pool default-ipv4-ippool' },
    pools: { seen: true, value: [] },
    nodePorts: { range: { first: 30_000, last: 32_767 }, source: 'assumed' },
    calicoVersion: { seen: true, value: 'v3.31.0' },
    apiGroup: { seen: true, value: 'crd.projectcalico.org/v1' },
    gaps: [],
  };
}
