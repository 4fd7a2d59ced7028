// Made-up measurements behind the whole command line.
import { makeBundle } from '../../src/cli/collect/bundle-maker.ts';
import type {
  Measures,
  ObserveOptions,
  SimulatedCluster,
  SimulateOptions,
  WatchedNode,
} from '../../src/cli/measures.ts';
import type { Watched } from '../../src/cli/watched.ts';
import type { Preflight } from '../../src/core/advice/preflight.ts';
import type { Plan } from '../../src/core/advice/plan.ts';
import type { ClusterDiagnosis } from '../../src/core/analysis/cluster-diagnosis.ts';
import type { ClusterRange } from '../../src/core/analysis/cluster-range.ts';
import { compareDiagnoses } from '../../src/core/analysis/compare/compare-diagnoses.ts';
import type { Diagnosis } from '../../src/core/analysis/diagnosis.ts';
import { emptyFlowTable } from '../../src/core/model/flow-table.ts';
import { NODE_FACTS_SCHEMA, type NodeFacts } from '../../src/core/model/node-facts.ts';
import type { ExamAnswer } from '../../src/present/exam-table.ts';
import { SAMPLE_PLANS } from '../golden/sample-plans.ts';
import { CALICO_RULE, SAMPLE_DIAGNOSES } from '../golden/sample-diagnoses.ts';
import { SAMPLE_CLUSTERS } from '../golden/sample-cluster-diagnoses.ts';
import { SAMPLE_PREFLIGHTS } from '../golden/sample-preflights.ts';
import { SAMPLE_RANGES } from '../golden/sample-cluster-ranges.ts';
import { sampleSimulation } from '../golden/sample-simulation.ts';

const SAMPLES: Readonly<Record<string, Diagnosis>> = SAMPLE_DIAGNOSES;
const PLANS: Readonly<Record<string, Plan>> = SAMPLE_PLANS;
const RANGES: Readonly<Record<string, ClusterRange>> = SAMPLE_RANGES;
const CLUSTERS: Readonly<Record<string, ClusterDiagnosis>> = SAMPLE_CLUSTERS;
const PREFLIGHTS: Readonly<Record<string, Preflight>> = SAMPLE_PREFLIGHTS;
const FINE = SAMPLE_DIAGNOSES.fine;

const FACTS: NodeFacts = {
  schema: NODE_FACTS_SCHEMA,
  node: 'worker-3',
  addresses: ['192.0.2.10'],
  at: FINE.at,
  behaviour: FINE.behaviour,
  flows: emptyFlowTable(),
  flowsSource: 'ctnetlink',
  natRules: { sourceNat: [CALICO_RULE], dnatPorts: [], untrackedPorts: [] },
  claims: [],
  counters: undefined,
  arrivals: undefined,
  table: undefined,
  settings: {},
  gaps: [],
};

const WATCHED: WatchedNode = { look: () => Promise.resolve(FACTS), close: () => Promise.resolve() };

/** `skipping` cannot stage the first scenario, `skipping-all` none. */
function examined(sample: string, index: number): Pick<ExamAnswer, 'answered' | 'wrong' | 'skipped'> {
  if (sample === 'skipping-all' || (sample === 'skipping' && index === 0))
    return { answered: 'cannot-tell', skipped: 'needs 2 CPUs, this process may use 1' };
  return sample === 'fine' ? { answered: 'fine', wrong: 'churn was not found' } : { answered: 'churn' };
}

/** Measurements that end in the named diagnosis; `hang` waits for Ctrl-C. */
export function sampleMeasures(sample: string): Measures {
  const diagnosis = SAMPLES[sample] ?? FINE;
  return {
    observeNode: (options) => (sample === 'hang' ? untilAborted(options) : observed(options)),
    observeFiles: () => Promise.resolve(FACTS),
    observeFilesAt: () => Promise.resolve(FACTS),
    observeWorstOfFiles: () => Promise.resolve({ facts: FACTS, diagnosis, nodes: 1 }),
    planForFiles: () => Promise.resolve(PLANS[sample] ?? SAMPLE_PLANS.churn),
    diagnoseFiles: () => Promise.resolve({ facts: FACTS }),
    makeBundle: (facts, options) => Promise.resolve(makeBundle(facts, options)),
    collectCluster: ({ bundle }) => Promise.resolve({ bundle: makeBundle(FACTS, bundle), gaps: [], leftOut: 0 }),
    diagnose: () => Promise.resolve(diagnosis),
    compareFiles: () =>
      Promise.resolve({ comparison: compareDiagnoses({ facts: FACTS, diagnosis }, { facts: FACTS, diagnosis }) }),
    planForDiagnosis: () => Promise.resolve(PLANS[sample] ?? SAMPLE_PLANS.churn),
    preflightCluster: () => Promise.resolve(PREFLIGHTS[sample] ?? SAMPLE_PREFLIGHTS.fits),
    planForCluster: () => Promise.resolve(PLANS[sample] ?? SAMPLE_PLANS.churn),
    planForFigures: () => Promise.resolve(PLANS[sample] ?? SAMPLE_PLANS.churn),
    probeKernel: () => Promise.resolve(diagnosis.behaviour),
    readNatRules: () => Promise.resolve({ value: FACTS.natRules, source: 'nf_tables dump', complete: true, gaps: [] }),
    listScenarios: () =>
      Promise.resolve([
        { name: 'healthy', story: 'Two pods talk to one server', expected: ['fine'] },
        { name: 'time-wait-churn', story: 'Short connections to one destination', expected: ['churn'] },
      ]),
    runScenario: (name) => Promise.resolve({ facts: FACTS, expected: [name === 'healthy' ? 'fine' : 'churn'] }),
    watchNode: () => Promise.resolve(WATCHED),
    watchScenario: () => Promise.resolve(WATCHED),
    openScenarioShell: (_, { onReady }) => {
      onReady();
      return Promise.resolve(7);
    },
    runDemo: ({ write }) => {
      write('told\n');
      return Promise.resolve(0);
    },
    readClusterRange: (options) =>
      sample === 'hang' ? untilAborted(options) : Promise.resolve(RANGES[sample] ?? SAMPLE_RANGES.quiet),
    openWitness: () => Promise.reject(new Error('no sample looks at nodes')),
    readFilesRange: () => Promise.resolve(RANGES[sample] ?? SAMPLE_RANGES.quiet),
    diagnoseCluster: (options) =>
      sample === 'hang' ? untilAborted(options) : Promise.resolve(CLUSTERS[sample] ?? SAMPLE_CLUSTERS.calm),
    askPortHistory: ({ port, atMilliseconds }) =>
      Promise.resolve({
        node: 'worker-3',
        port,
        atMilliseconds,
        watchedSinceMilliseconds: 0,
        reachesBackToMilliseconds: 0,
        holders: [],
      }),
    observeClusterNode: (options) => Promise.resolve({ ...FACTS, node: 'node' in options ? options.node : 'worker-3' }),
    simulate: (options) => (sample === 'hang' ? untilAborted(options) : simulated(options)),
    runAgent: ({ listen, mostCpuShare, say }) => {
      say(`would watch on ${listen.host}:${listen.port} within ${mostCpuShare}`);
      return Promise.resolve();
    },
    runExam: ({ seeds }) =>
      Promise.resolve(
        Array.from({ length: seeds }, (_, index) => ({
          scenario: 'time-wait-churn',
          seed: index + 1,
          expected: ['churn' as const],
          ...examined(sample, index),
        })),
      ),
  };
}

function simulated({ scenario, progress }: SimulateOptions): Promise<SimulatedCluster> {
  progress('simulating', 0.5);
  return Promise.resolve({ report: sampleSimulation(scenario), factsOf: (node) => ({ ...FACTS, node }) });
}

function observed({ progress }: ObserveOptions): Promise<NodeFacts> {
  progress('reading flows', 0.5);
  return Promise.resolve(FACTS);
}

function untilAborted({ signal, progress }: Watched): Promise<never> {
  progress('reading flows', 0);
  const alive = setInterval(() => undefined, 1000);
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      clearInterval(alive);
      reject(new Error('stopped'));
    });
  });
}
