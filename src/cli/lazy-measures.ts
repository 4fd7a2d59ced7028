// The real parts behind the commands, each imported when it is first called.
import type { Measures } from './measures.ts';

export const LAZY_MEASURES: Measures = {
  observeNode: async (options) => (await import('../observe/observe-node.ts')).observeNode(options),
  watchNode: async (netns) =>
    new (await import('../observe/node-watch.ts')).NodeWatch(netns === undefined ? {} : { netns }),
  observeFiles: async (options) => (await import('../observe/files/observe-files.ts')).observeFiles(options),
  observeFilesAt: async (address, options) =>
    (await import('../observe/files/observe-files-at.ts')).observeFilesAt(address, options),
  observeWorstOfFiles: async (options) => (await import('./plan/worst-of-files.ts')).worstOfFiles(options),
  diagnoseFiles: async (options) => (await import('./cluster/diagnose-files.ts')).diagnoseFiles(options),
  makeBundle: async (facts, options) => (await import('./collect/bundle-maker.ts')).makeBundle(facts, options),
  collectCluster: async (options) => (await import('./collect/collect-cluster.ts')).collectCluster(options),
  diagnose: async (facts) => (await import('../core/analysis/diagnose.ts')).diagnose(facts),
  compareFiles: async (before, after) => (await import('./compare/compare-files.ts')).compareFiles(before, after),
  planForDiagnosis: async (diagnosis, options) =>
    (await import('./plan/make-plan.ts')).planForDiagnosis(diagnosis, options),
  planForCluster: async (options) => (await import('./cluster/plan-cluster.ts')).planForCluster(options),
  planForFiles: async (options) => (await import('./plan/plan-files.ts')).planForFiles(options),
  planForFigures: async (figures, options) => (await import('./plan/make-plan.ts')).planForFigures(figures, options),
  probeKernel: async () => (await import('../kernel/probe/probe-kernel.ts')).probeKernel(),
  readNatRules: async (netns) => (await import('./rules/read-rules-in.ts')).readRulesIn(netns),
  listScenarios: async () => (await import('./lab/lab-program.ts')).listScenarios(),
  runScenario: async (name, options) => (await import('./lab/lab-program.ts')).runScenario(name, options),
  watchScenario: async (name, options) => (await import('./lab/lab-program.ts')).watchScenario(name, options),
  openScenarioShell: async (name, options) => (await import('./lab/lab-program.ts')).openScenarioShell(name, options),
  runDemo: async (options) => (await import('./demo/run-demo.ts')).runDemo(options),
  readClusterRange: async (options) => (await import('./range/read-cluster-range.ts')).readClusterRange(options),
  openWitness: async (options) => (await import('./change/cluster-witness.ts')).openClusterWitness(options),
  readFilesRange: async (options) => (await import('./range/read-files-range.ts')).readFilesRange(options),
  simulate: async (options) => (await import('./simulate/run-simulation.ts')).runSimulation(options),
  runAgent: async (options) => (await import('../agent/run-agent.ts')).runAgent(options),
  diagnoseCluster: async (options) => (await import('./cluster/diagnose-cluster.ts')).diagnoseWholeCluster(options),
  preflightCluster: async (options) => (await import('./cluster/preflight-cluster.ts')).preflightCluster(options),
  observeClusterNode: async (options) =>
    (await import('./cluster/observe-cluster-node.ts')).observeClusterNode(options),
  askPortHistory: async (options) => (await import('./who/ask-port-history.ts')).askPortHistory(options),
  runExam: async (options) => (await import('./exam/run-exam.ts')).runExam(options),
};
