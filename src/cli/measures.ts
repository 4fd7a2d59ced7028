// What commands ask the rest of Portolan for; lazy-measures.ts answers in the program, tests bring their own.
import type { AgentOptions } from '../agent/run-agent.ts';
import type { Plan } from '../core/advice/plan.ts';
import type { Preflight } from '../core/advice/preflight.ts';
import type { PlainFigures, Workload } from '../core/advice/situation.ts';
import type { ClusterDiagnosis } from '../core/analysis/cluster-diagnosis.ts';
import type { ClusterRange } from '../core/analysis/cluster-range.ts';
import type { Diagnosis } from '../core/analysis/diagnosis.ts';
import type { KernelBehaviour } from '../core/model/kernel-behaviour.ts';
import type { NatRules } from '../core/model/nat-rule.ts';
import type { NodeFacts } from '../core/model/node-facts.ts';
import type { PortHistory } from '../core/model/port-history.ts';
import type { PortRange } from '../core/model/port-range.ts';
import type { Reading } from '../core/model/reading.ts';
import type { WrittenBundle } from '../dumps/bundle/bundle-writer.ts';
import type { ReadStdin } from '../observe/files/opened.ts';
import type { NatFlavour } from '../lab/nat-flavour.ts';
import type { ExamAnswer } from '../present/exam-table.ts';
import type { ScenarioRow } from '../present/scenario-table.ts';
import type { OpenWitness } from './change/witness-options.ts';
import type { CollectClusterOptions, CollectedCluster } from './collect/collect-cluster.ts';
import type { MakeBundleOptions } from './collect/bundle-maker.ts';
import type { FilesComparison } from './compare/compare-files.ts';
import type { DiagnoseFilesOptions, FilesAnswer } from './cluster/diagnose-files.ts';
import type {
  ClusterDiagnoseOptions,
  ClusterOptions,
  ClusterPlanOptions,
  ClusterPreflightOptions,
  WantedNode,
} from './cluster/cluster-options.ts';
import type { PlanQuestion, SpaceChoice } from './plan/plan-request.ts';
import type { Style } from '../present/style.ts';
import type { PortHistoryOptions } from './who/ask-port-history.ts';
import type { Watched } from './watched.ts';
import type { SimReport } from '../sim/sim-report.ts';
import type { SimScenario } from '../sim/sim-scenario.ts';

export interface ObserveOptions extends Watched {
  /** Path of a network namespace; the program's own when absent. */
  readonly netns?: string;
  readonly windowSeconds: number;
  readonly snatOnly?: boolean;
}

export interface ObserveFilesOptions extends Watched {
  /** Files, folders, or `-` for stdin. */
  readonly paths: readonly string[];
  /** Wall-clock time for what has none of its own, ISO 8601. */
  readonly at: string;
  /** As in Surroundings. */
  readonly readStdin: ReadStdin;
  /** Which node, where a bundle holds several. */
  readonly node?: string;
}

/** The node with the worst port space of those that files hold. */
export interface WorstNode {
  readonly facts: NodeFacts;
  readonly diagnosis: Diagnosis;
  /** Of so many. */
  readonly nodes: number;
}

export interface ScenarioOptions extends Watched {
  /** Range of the lab node's masquerade rule instead of the scenario's own. */
  readonly range?: PortRange;
}

/** A scenario to play in. */
export interface ShellScenarioOptions extends ScenarioOptions {
  /** Path of the shell. */
  readonly shell: string;
  /** Path of this program's script, for use inside the shell. */
  readonly portolan: string;
  /** Environment of the shell. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Called when all is built, right before the shell opens. */
  readonly onReady: () => void;
}

export interface DemoOptions extends Watched {
  /** What the story happens to; `real-or-simulated` turns to the simulation where the real node is refused. */
  readonly world: 'real' | 'real-or-simulated' | 'simulated';
  /** As in Surroundings; called before a real node is built. */
  readonly isolate: () => Promise<void>;
  readonly style: Style;
  /** Prints on stdout. */
  readonly write: (text: string) => void;
  /** Prints on stderr. */
  readonly warn: (text: string) => void;
  /** As in Surroundings. */
  readonly pause: () => Promise<void>;
  /** Monotonic milliseconds. */
  readonly now: () => number;
}

export interface ExamOptions extends Watched {
  /** How many seeds each scenario runs with. */
  readonly seeds: number;
  /** The form of the node's NAT rules; the iptables forms need that program. */
  readonly flavour: NatFlavour;
  readonly cpus: number;
}

export interface NodePlanOptions extends PlanQuestion {
  readonly facts: NodeFacts;
  readonly choice: SpaceChoice;
  /** What was read of the cluster around the node. */
  readonly cluster?: ClusterPlacement;
}

/** What is planned for: the worst port space over all nodes that files hold, where none is chosen. */
export interface FilesPlanOptions extends ObserveFilesOptions, PlanQuestion {
  readonly choice: SpaceChoice;
}

/** How a load lies on a cluster, and what its settings say. */
export interface ClusterPlacement {
  /** Nodes that carry it. */
  readonly carriers: number;
  readonly hottestShare: number;
  readonly nodesRead: number;
  readonly nodesUnread: number;
  readonly pods?: number;
  /** Nodes that pods may run on. */
  readonly maxNodes?: number;
  readonly workload?: Workload;
  readonly vxlan?: boolean;
  readonly podCidrs?: readonly string[];
  readonly nodePortRange?: PortRange;
}

export interface FiguresPlanOptions extends PlanQuestion {
  /** ISO 8601. */
  readonly at: string;
}

export interface SimulateOptions extends Watched {
  readonly scenario: SimScenario;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly pause: () => Promise<void>;
}

/** A cluster at the end of its simulation. */
export interface SimulatedCluster {
  readonly report: SimReport;
  /** What a look at one of its nodes would find. */
  readonly factsOf: (node: string) => NodeFacts;
}

export interface ClusterRangeOptions extends Watched {
  readonly kubeconfig?: string | undefined;
  readonly context?: string | undefined;
  /** Name of the only node asked about. */
  readonly node?: string | undefined;
  /** Whether the API server is asked for its NodePort range by a request that it must refuse. */
  readonly asksNodePorts: boolean;
  /** Environment variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly random: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

export interface FilesRangeOptions {
  /** Files, folders, or `-` for stdin. */
  readonly paths: readonly string[];
  /** Name of the only node asked about. */
  readonly node: string | undefined;
  /** As in Surroundings. */
  readonly readStdin: ReadStdin;
}

/** What a scenario left behind: the facts of its node, and the verdicts that count as right. */
export interface ScenarioRun {
  readonly facts: NodeFacts;
  readonly expected: ScenarioRow['expected'];
}

/** A node that is looked at again and again. */
export interface WatchedNode {
  /** One look, one at a time. */
  look(windowSeconds: number): Promise<NodeFacts>;
  /** Ends a look that is going on, and takes down what was built. */
  close(): Promise<void>;
}

export interface Measures {
  observeNode(options: ObserveOptions): Promise<NodeFacts>;
  /** The node of a namespace; the program's own when no path is given. */
  watchNode(netns: string | undefined): Promise<WatchedNode>;
  /** Facts from files that people saved. Errors: PTL_INPUT_FILE, PTL_UNKNOWN_FILE. */
  observeFiles(options: ObserveFilesOptions): Promise<NodeFacts>;
  /** The node that an address is of, where there are several. Errors: those of observeFiles, PTL_NO_SUCH_NODE. */
  observeFilesAt(address: string, options: ObserveFilesOptions): Promise<NodeFacts>;
  observeWorstOfFiles(options: ObserveFilesOptions): Promise<WorstNode>;
  /** The same; of a bundle with several nodes their verdicts, where none is named. */
  diagnoseFiles(options: DiagnoseFilesOptions): Promise<FilesAnswer>;
  /** Puts a bundle together: the file in pieces. */
  makeBundle(facts: NodeFacts, options: MakeBundleOptions): Promise<WrittenBundle>;
  /** Reads all nodes of a cluster into one bundle. Errors: PTL_KUBECONFIG, PTL_API_*, PTL_NO_SUCH_NODE. */
  collectCluster(options: CollectClusterOptions): Promise<CollectedCluster>;
  diagnose(facts: NodeFacts): Promise<Diagnosis>;
  /** What became better or worse from files to files: of a node, or of the nodes of a cluster. */
  compareFiles(before: ObserveFilesOptions, after: ObserveFilesOptions): Promise<FilesComparison>;
  /** Errors: PTL_NO_LOAD when the diagnosis holds nothing to plan for. */
  planForDiagnosis(diagnosis: Diagnosis, options: NodePlanOptions): Promise<Plan>;
  /** For the hottest port space over all nodes. Errors: PTL_KUBECONFIG, PTL_API_*, PTL_NO_LOAD, PTL_CANNOT_MEASURE. */
  planForCluster(options: ClusterPlanOptions): Promise<Plan>;
  /** As planForDiagnosis, over all nodes that files hold. Errors: those of observeFiles too. */
  planForFiles(options: FilesPlanOptions): Promise<Plan>;
  planForFigures(figures: PlainFigures, options: FiguresPlanOptions): Promise<Plan>;
  probeKernel(): Promise<KernelBehaviour>;
  /** The rules of a namespace; the program's own when no path is given. */
  readNatRules(netns: string | undefined): Promise<Reading<NatRules>>;
  listScenarios(): Promise<readonly ScenarioRow[]>;
  runScenario(name: string, options: ScenarioOptions): Promise<ScenarioRun>;
  /** Builds a scenario and keeps its traffic going. Errors: PTL_UNKNOWN_SCENARIO, PTL_LAB. */
  watchScenario(name: string, options: ScenarioOptions): Promise<WatchedNode>;
  /** Builds a scenario and opens a shell on its node. @returns the shell's exit code. */
  openScenarioShell(name: string, options: ShellScenarioOptions): Promise<number>;
  /** @returns the exit code. */
  runDemo(options: DemoOptions): Promise<number>;
  /** The SNAT range of each node of a cluster. Errors: PTL_KUBECONFIG, PTL_API_*, PTL_NO_SUCH_NODE. */
  readClusterRange(options: ClusterRangeOptions): Promise<ClusterRange>;
  /** Who looks at the nodes of a cluster when a change is verified. */
  readonly openWitness: OpenWitness;
  /** The same from files of kubectl. Errors: PTL_INPUT_FILE, PTL_UNKNOWN_FILE, PTL_NO_SUCH_NODE. */
  readFilesRange(options: FilesRangeOptions): Promise<ClusterRange>;
  /** Rejects when the signal stops it. */
  simulate(options: SimulateOptions): Promise<SimulatedCluster>;
  /** Watches the node and answers over HTTP until the signal is aborted. Errors: PTL_LISTEN, PTL_NETNS, PTL_KUBECONFIG. */
  runAgent(options: AgentOptions): Promise<void>;
  runExam(options: ExamOptions): Promise<readonly ExamAnswer[]>;
  /** The verdicts of a cluster's nodes. Errors: PTL_KUBECONFIG, PTL_API_*. */
  diagnoseCluster(options: ClusterDiagnoseOptions): Promise<ClusterDiagnosis>;
  /** Whether the load of a cluster's nodes would fit another range. Errors: PTL_KUBECONFIG, PTL_API_*. */
  preflightCluster(options: ClusterPreflightOptions): Promise<Preflight>;
  /** Who held a port of a node at a moment, as its agent remembers. Errors: PTL_KUBECONFIG, PTL_API_*, PTL_NO_SUCH_NODE, PTL_AGENT. */
  askPortHistory(options: PortHistoryOptions): Promise<PortHistory>;
  /** Facts of one node of a cluster. Errors: PTL_KUBECONFIG, PTL_API_*, PTL_NO_SUCH_NODE, PTL_CANNOT_MEASURE. */
  observeClusterNode(options: ClusterOptions & WantedNode): Promise<NodeFacts>;
}
