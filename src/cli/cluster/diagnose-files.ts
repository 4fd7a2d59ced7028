// Files to verdicts: one node's facts, or of a bundle or tree with several the answer for all of them, each read, judged and dropped.
import { ClaimTally } from '../../core/analysis/claim-tally.ts';
import { type ClusterDiagnosis, diagnoseCluster, type NodeAnswer } from '../../core/analysis/cluster-diagnosis.ts';
import type { ClusterRange } from '../../core/analysis/cluster-range.ts';
import { diagnose } from '../../core/analysis/diagnose.ts';
import { summariseNode } from '../../core/analysis/node-summary.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import { DEFAULT_NODE_PORTS } from '../../core/model/node-port-range.ts';
import { type ObserveFilesOptions, surveyFiles } from '../../observe/files/observe-files.ts';
import { type CheckSelection, selectChecks } from '../../present/diagnosis-selection.ts';
import { aboutFiles } from '../next-from-files.ts';

export interface DiagnoseFilesOptions extends ObserveFilesOptions {
  readonly checks: CheckSelection;
}

export type FilesAnswer = { readonly facts: NodeFacts } | { readonly cluster: ClusterDiagnosis };

/** Errors: those of observeFiles. */
export async function diagnoseFiles({ checks, ...options }: DiagnoseFilesOptions): Promise<FilesAnswer> {
  const tally = new ClaimTally();
  const nodes: NodeAnswer[] = [];
  const read = await surveyFiles(options, (facts) => {
    const diagnosis = diagnose(facts);
    tally.add(diagnosis.claims);
    nodes.push({ node: facts.node, summary: summariseNode(selectChecks(diagnosis, checks)) });
  });
  if ('facts' in read) return read;
  const { name, at, cluster } = read.several;
  const found = diagnoseCluster({
    range: unseenRange(name),
    at,
    nodes,
    claims: tally.claims(),
    leftOut: 0,
    gaps: cluster?.gaps ?? [],
  });
  return { cluster: { ...found, next: found.next.map((command) => ofWorst(command, found, options.paths)) } };
}

/** Bundles and trees hold what nodes do; what Calico's objects say is `portolan range`. */
function unseenRange(cluster: string): ClusterRange {
  const unseen = { seen: false, why: 'files of nodes do not say it' } as const;
  return {
    cluster,
    nodes: [],
    masquerader: { by: 'unknown', evidence: unseen.why },
    pools: unseen,
    nodePorts: { range: DEFAULT_NODE_PORTS, source: 'assumed' },
    calicoVersion: unseen,
    apiGroup: unseen,
    gaps: [],
  };
}

function ofWorst(command: string, { nodes }: ClusterDiagnosis, files: readonly string[]): string {
  // A plan is over all of them.
  if (command.startsWith('portolan plan')) return aboutFiles('portolan plan', { files });
  return aboutFiles('portolan diagnose', { files, node: nodes[0]?.node });
}
