// The answer for a cluster: every node's verdict, worst first, what they share, and which nodes could not be read. Pure.
import type { NodePortRange } from '../model/node-port-range.ts';
import type { Seen } from '../model/calico/seen.ts';
import type { Gap } from '../model/gap.ts';
import type { ClusterClaim } from './claim-tally.ts';
import type { ClusterRange, MasqueraderSeen } from './cluster-range.ts';
import type { Severity } from './finding.ts';
import type { NodeSummary, RuleWriter } from './node-summary.ts';
import type { EffectiveNatPortRange } from './range-chain.ts';
import { gravity, worstOf } from './severity.ts';
import { shareOf } from './verdict.ts';

export const CLUSTER_DIAGNOSIS_SCHEMA = 'portolan.dev/cluster-diagnosis/v1';

/** A node's verdict, or why it has none. */
export type NodeAnswer = {
  readonly node: string;
  /** What Calico's configuration sets there, and which layer; undefined: not known. */
  readonly configured?: EffectiveNatPortRange;
} & ({ readonly summary: NodeSummary } | { readonly why: string; readonly remedy?: string });

/** Something that was not seen on some nodes. */
export interface ClusterGap {
  readonly gap: Gap;
  /** Names of the nodes; empty for the cluster as a whole. */
  readonly nodes: readonly string[];
}

export interface NodeCounts {
  readonly critical: number;
  readonly warning: number;
  /** Read, but not enough was seen, and not read at all. */
  readonly unknown: number;
  readonly fine: number;
}

export interface ClusterDiagnosis {
  readonly schema: typeof CLUSTER_DIAGNOSIS_SCHEMA;
  /** Name of the kubeconfig context. */
  readonly cluster: string;
  /** ISO 8601. */
  readonly at: string;
  /** Worst of all nodes; a node that was not read is `unknown`. */
  readonly severity: Severity;
  /** Worst first, then those not read, then fullest. */
  readonly nodes: readonly NodeAnswer[];
  readonly counts: NodeCounts;
  /** Nodes left out by --max-nodes. */
  readonly leftOut: number;
  /** Whose pods alone were asked for: `payments`, `payments app=checkout`; undefined for all. */
  readonly limitedTo?: string;
  readonly claims: readonly ClusterClaim[];
  readonly masquerader: MasqueraderSeen;
  readonly calicoVersion: Seen<string>;
  readonly nodePorts: NodePortRange;
  /** Owner and form of rules, most nodes first. */
  readonly writers: readonly RuleWriter[];
  readonly gaps: readonly ClusterGap[];
  /** The next commands worth typing, the first one first. */
  readonly next: readonly string[];
}

export interface ClusterReadings {
  readonly range: ClusterRange;
  readonly at: string;
  readonly nodes: readonly NodeAnswer[];
  readonly claims: readonly ClusterClaim[];
  readonly leftOut: number;
  readonly limitedTo?: string;
  /** Of the cluster as a whole. */
  readonly gaps: readonly Gap[];
}

/** Joins what each node came to. Never throws: a cluster without a node that could be read is `unknown`. */
export function diagnoseCluster(readings: ClusterReadings): ClusterDiagnosis {
  const { range, at, claims, leftOut, limitedTo } = readings;
  const nodes = readings.nodes.toSorted(byUrgency);
  const severities = nodes.map(severityOf);
  return {
    schema: CLUSTER_DIAGNOSIS_SCHEMA,
    cluster: range.cluster,
    at,
    severity: nodes.length === 0 ? 'unknown' : worstOf(severities),
    nodes,
    counts: countsOf(severities),
    leftOut,
    ...(limitedTo === undefined ? {} : { limitedTo }),
    claims,
    masquerader: range.masquerader,
    calicoVersion: range.calicoVersion,
    nodePorts: range.nodePorts,
    writers: writersOf(nodes),
    gaps: gapsOf(nodes, [...range.gaps, ...readings.gaps]),
    next: nextCommands(nodes),
  };
}

export function severityOf(answer: NodeAnswer): Severity {
  return 'summary' in answer ? answer.summary.severity : 'unknown';
}

/** Equally grave ones by how full their worst port space is; those not read after those that were. */
function byUrgency(left: NodeAnswer, right: NodeAnswer): number {
  return (
    gravity(severityOf(left)) - gravity(severityOf(right)) ||
    Number('why' in left) - Number('why' in right) ||
    dropOf(right) - dropOf(left) ||
    fullestShare(right) - fullestShare(left) ||
    compareNames(left.node, right.node)
  );
}

function dropOf(answer: NodeAnswer): number {
  return 'summary' in answer ? (answer.summary.portSpaces[0]?.dropProbabilityWithoutEviction ?? 0) : 0;
}

function fullestShare(answer: NodeAnswer): number {
  const [worst] = 'summary' in answer ? answer.summary.portSpaces : [];
  return worst === undefined ? 0 : shareOf(worst);
}

function countsOf(severities: readonly Severity[]): NodeCounts {
  const count = (...wanted: readonly Severity[]): number => severities.filter((each) => wanted.includes(each)).length;
  return {
    critical: count('critical'),
    warning: count('warning'),
    unknown: count('unknown'),
    fine: count('ok', 'info'),
  };
}

function writersOf(nodes: readonly NodeAnswer[]): readonly RuleWriter[] {
  const counts = new Map<string, { readonly writer: RuleWriter; nodes: number }>();
  for (const answer of nodes)
    for (const writer of 'summary' in answer ? answer.summary.writers : []) {
      const key = `${writer.owner} ${writer.backend}`;
      const known = counts.get(key) ?? { writer, nodes: 0 };
      known.nodes += 1;
      counts.set(key, known);
    }
  return [...counts.values()].toSorted((left, right) => right.nodes - left.nodes).map(({ writer }) => writer);
}

/** Each once, however many nodes have it; those of the cluster first, then those of most nodes. */
function gapsOf(nodes: readonly NodeAnswer[], ofCluster: readonly Gap[]): readonly ClusterGap[] {
  const found = new Map<string, { readonly gap: Gap; readonly nodes: string[] }>();
  for (const answer of nodes)
    for (const gap of 'summary' in answer ? answer.summary.gaps : []) {
      const key = `${gap.id} ${gap.what} ${gap.why}`;
      const known = found.get(key);
      if (known === undefined) found.set(key, { gap, nodes: [answer.node] });
      else known.nodes.push(answer.node);
    }
  const ofNodes = [...found.values()].toSorted((left, right) => right.nodes.length - left.nodes.length);
  return [...ofCluster.map((gap) => ({ gap, nodes: [] })), ...ofNodes];
}

const OUT_OF_PORTS: ReadonlySet<string> = new Set(['exhausted', 'churn', 'nearing']);

/** A plan where ports run out; the worst node in full detail wherever something is wrong. */
function nextCommands(nodes: readonly NodeAnswer[]): readonly string[] {
  const [worst] = nodes;
  if (worst === undefined) return ['kubectl get nodes'];
  if ('why' in worst) return nodes.some((answer) => 'summary' in answer) ? [detailOf(worst)] : ['portolan rbac'];
  if (worst.summary.severity === 'ok' || worst.summary.severity === 'info') return [detailOf(worst)];
  const runsOut = nodes.some((each) => 'summary' in each && OUT_OF_PORTS.has(each.summary.worst?.check ?? ''));
  return runsOut ? ['portolan plan', detailOf(worst)] : [detailOf(worst)];
}

function detailOf({ node }: NodeAnswer): string {
  return `portolan diagnose --node ${node}`;
}

/** `worker-9` before `worker-10`. */
function compareNames(left: string, right: string): number {
  return left.localeCompare(right, 'en', { numeric: true });
}
