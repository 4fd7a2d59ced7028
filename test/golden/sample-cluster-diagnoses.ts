// Hand-made clusters, one per situation a person can be in, out of the nodes of sample-diagnoses.ts.
import { type ClusterDiagnosis, diagnoseCluster, type NodeAnswer } from '../../src/core/analysis/cluster-diagnosis.ts';
import { ClaimTally } from '../../src/core/analysis/claim-tally.ts';
import type { Diagnosis } from '../../src/core/analysis/diagnosis.ts';
import { summariseNode } from '../../src/core/analysis/node-summary.ts';
import type { Gap } from '../../src/core/model/gap.ts';
import { UDP } from '../../src/core/model/protocol.ts';
import { SAMPLE_RANGES } from './sample-cluster-ranges.ts';
import { SAMPLE_DIAGNOSES } from './sample-diagnoses.ts';

const UNPROBED: Gap = {
  id: 'kernel-behaviour',
  what: 'whether that kernel takes over closing entries',
  why: 'a trial needs a namespace of its own, which no command on the node makes',
  weakens: 'the drop probability: the range of it is shown',
};

const AT = '2026-05-01T12:00:00.000Z';

function read(node: string, diagnosis: Diagnosis): NodeAnswer {
  const configured = SAMPLE_RANGES.quiet.nodes[0];
  const summary = summariseNode({ ...diagnosis, node, gaps: [UNPROBED] });
  return { node, summary, ...(configured === undefined ? {} : { configured: { ...configured, node } }) };
}

const CONFLICT: Diagnosis = {
  ...SAMPLE_DIAGNOSES.conflict,
  claims: [
    {
      claim: {
        kind: 'untracked',
        protocol: UDP,
        ports: { first: 4789, last: 4789 },
        owner: 'Calico VXLAN',
        source: 'ip raw cali-PREROUTING',
      },
      hurts: true,
      truth: 'a udp flow that gets this port never sees its reply',
    },
  ],
};

const TROUBLED: readonly NodeAnswer[] = [
  read('worker-1', SAMPLE_DIAGNOSES.fine),
  read('worker-2', SAMPLE_DIAGNOSES.idle),
  read('worker-3', SAMPLE_DIAGNOSES['with-workloads']),
  read('worker-4', SAMPLE_DIAGNOSES.nearing),
  read('worker-7', CONFLICT),
  { node: 'worker-9', why: 'exec forbidden', remedy: 'a Role in namespace calico-system with pods/exec' },
  { node: 'worker-10', why: 'exec forbidden', remedy: 'a Role in namespace calico-system with pods/exec' },
];

function cluster(
  nodes: readonly NodeAnswer[],
  options: { readonly leftOut?: number; readonly limitedTo?: string } = {},
): ClusterDiagnosis {
  const tally = new ClaimTally();
  tally.add(SAMPLE_DIAGNOSES.fine.claims);
  tally.add(SAMPLE_DIAGNOSES.fine.claims);
  if (nodes.some(({ node }) => node === 'worker-7')) tally.add(CONFLICT.claims);
  const { leftOut = 0, limitedTo } = options;
  return diagnoseCluster({
    range: SAMPLE_RANGES.quiet,
    at: AT,
    nodes,
    claims: tally.claims(),
    leftOut,
    ...(limitedTo === undefined ? {} : { limitedTo }),
    gaps: [],
  });
}

export const SAMPLE_CLUSTERS = {
  troubled: cluster(TROUBLED),
  calm: cluster(TROUBLED.slice(0, 2)),
  many: cluster(
    [...TROUBLED, ...Array.from({ length: 30 }, (_, index) => read(`worker-${20 + index}`, SAMPLE_DIAGNOSES.idle))],
    { leftOut: 4963 },
  ),
  limited: cluster(TROUBLED.slice(2, 3), { limitedTo: 'namespace payments, app=checkout' }),
  blind: cluster(TROUBLED.slice(5)),
  empty: cluster([]),
};
