// Two sets of files, compared: node by name where both hold several, else the one node that one of them is about.
import { ClusterComparer } from '../../core/analysis/compare/cluster-comparer.ts';
import type { ClusterComparison } from '../../core/analysis/compare/cluster-comparison.ts';
import { compareDiagnoses } from '../../core/analysis/compare/compare-diagnoses.ts';
import type { Comparison } from '../../core/analysis/compare/comparison.ts';
import type { Moment } from '../../core/analysis/compare/moment.ts';
import { diagnose } from '../../core/analysis/diagnose.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import { type ObserveFilesOptions, type SeveralNodes, surveyFiles } from '../../observe/files/observe-files.ts';

export type FilesComparison = { readonly comparison: Comparison } | { readonly clusters: ClusterComparison };

/** Errors: those of reading files; PTL_NO_SUCH_NODE where one of them is about a node that the other does not hold. */
export async function compareFiles(before: ObserveFilesOptions, after: ObserveFilesOptions): Promise<FilesComparison> {
  const comparer = new ClusterComparer();
  const left = await surveyFiles(before, (facts) => comparer.addBefore(momentOf(facts)));
  if ('facts' in left) return { comparison: await compareNode(momentOf(left.facts), after) };
  const right = await surveyFiles(after, (facts) => comparer.addAfter(momentOf(facts)));
  if ('several' in right) return { clusters: comparer.finish(namedIn(left.several), namedIn(right.several)) };
  const earlier = comparer.before(right.facts.node);
  if (earlier === undefined) throw missing(right.facts.node, before);
  return { comparison: compareDiagnoses(earlier, momentOf(right.facts)) };
}

/** With the only node of the later files, or with the one of the same name. */
async function compareNode(before: Moment, after: ObserveFilesOptions): Promise<Comparison> {
  const { node } = before.diagnosis;
  let same: Moment | undefined;
  const right = await surveyFiles(after, (facts) => {
    if (facts.node === node) same = momentOf(facts);
  });
  const later = 'facts' in right ? momentOf(right.facts) : same;
  if (later === undefined) throw missing(node, after);
  return compareDiagnoses(before, later);
}

function momentOf(facts: NodeFacts): Moment {
  return { facts, diagnosis: diagnose(facts) };
}

function namedIn({ name, at, cluster }: SeveralNodes) {
  return { name, at, named: cluster?.nodes.seen === true ? cluster.nodes.value.map((node) => node.name) : [] };
}

function missing(node: string, { paths }: ObserveFilesOptions): PortolanError {
  return new PortolanError(
    'PTL_NO_SUCH_NODE',
    `Cannot compare node ${node}: it is not in ${paths.join(', ')}, wanted it in both`,
  );
}
