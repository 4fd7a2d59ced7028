// portolan diagnose in a cluster: all nodes as one screen, or one node in full detail.
import type { ClusterDiagnosis } from '../../core/analysis/cluster-diagnosis.ts';
import { nextStep } from '../../core/analysis/next-step.ts';
import { bySeverity } from '../../core/analysis/severity.ts';
import { type CheckSelection, selectChecks } from '../../present/diagnosis-selection.ts';
import type { SelectedDiagnosis } from '../../present/left-out.ts';
import type { CommandInput } from '../command-spec.ts';
import { exitCodeOf, exitCodeOfCluster, type FailOn } from '../exit-code.ts';
import { printDiagnosis } from '../print-diagnosis.ts';
import { printDocument } from '../print-document.ts';
import { withProgress } from '../progress-line.ts';
import { inSameCluster, onSameNode } from './cluster-command-text.ts';
import type { ClusterChoice, ClusterReach } from './cluster-choice.ts';
import type { ClusterOptions } from './cluster-options.ts';
import { worldOf } from './cluster-world.ts';

export interface ClusterDiagnoseRequest extends CheckSelection {
  readonly choice: ClusterChoice;
  readonly reach: ClusterReach;
  readonly pods: { readonly namespace?: string; readonly selector?: string };
  readonly windowSeconds: number;
  readonly snatOnly: boolean;
  /** Rows; undefined when nobody asked for a number. */
  readonly top: number | undefined;
  readonly explain: boolean;
  readonly failOn: FailOn;
}

const NODE_ROWS = 5;
const CLUSTER_ROWS = 15;

/** @returns as `diagnose` of a node does; nodes that could not be read are 3 only when nothing worse was found. */
export async function runClusterDiagnose(input: CommandInput, request: ClusterDiagnoseRequest): Promise<number> {
  const { node } = request.choice;
  const isWhole = node === undefined || request.pods.namespace !== undefined || request.pods.selector !== undefined;
  return isWhole ? diagnoseAll(input, request) : diagnoseOne(input, { ...request, node });
}

async function diagnoseAll(input: CommandInput, request: ClusterDiagnoseRequest): Promise<number> {
  const { measures } = input.surroundings;
  const { pods, only, skip, choice } = request;
  const found = await withProgress(input, (progress) =>
    measures.diagnoseCluster({ ...optionsOf(input, request), ...pods, checks: { only, skip }, progress }),
  );
  const diagnosis = { ...found, next: found.next.map((command) => inSameCluster(command, choice)) };
  await printCluster(diagnosis, input, request);
  return exitCodeOfCluster(diagnosis, request.failOn);
}

async function diagnoseOne(
  input: CommandInput,
  request: ClusterDiagnoseRequest & { readonly node: string },
): Promise<number> {
  const { measures } = input.surroundings;
  const facts = await withProgress(input, (progress) =>
    measures.observeClusterNode({ ...optionsOf(input, request), node: request.node, progress }),
  );
  const diagnosis = selectChecks(await measures.diagnose(facts), request);
  const next = onSameNode(nextOnNode(diagnosis), request.choice);
  await printDiagnosis({ ...diagnosis, next }, input, { top: request.top ?? NODE_ROWS, explain: request.explain });
  return exitCodeOf(diagnosis, request.failOn);
}

/** A trial of the kernel is no command to type here: what the findings call for is next. */
function nextOnNode({ findings, portSpaces, gaps }: SelectedDiagnosis): string {
  const all = [...findings, ...portSpaces.flatMap((space) => space.findings)].toSorted(bySeverity);
  const typed = all.map((finding) => ({ ...finding, gaps: finding.gaps.filter((id) => id !== 'kernel-behaviour') }));
  return nextStep(
    typed,
    gaps.filter(({ id }) => id !== 'kernel-behaviour'),
  );
}

function optionsOf(input: CommandInput, request: ClusterDiagnoseRequest): Omit<ClusterOptions, 'progress'> {
  const { choice, reach, windowSeconds, snatOnly } = request;
  return {
    choice,
    reach,
    windowSeconds,
    snatOnly,
    world: worldOf(input.surroundings),
    signal: input.surroundings.signal,
  };
}

/** Each format is imported when it is asked for. */
async function printCluster(
  diagnosis: ClusterDiagnosis,
  { surroundings: { stdout }, style, format }: CommandInput,
  { top = CLUSTER_ROWS, explain }: ClusterDiagnoseRequest,
): Promise<void> {
  switch (format) {
    case 'json':
    case 'yaml': {
      const { clusterDocument } = await import('../../present/cluster/cluster-diagnosis-document.ts');
      return printDocument(clusterDocument(diagnosis), format, stdout);
    }
    case 'markdown': {
      const { formatClusterMarkdown } = await import('../../present/cluster/cluster-diagnosis-markdown.ts');
      return stdout.write(formatClusterMarkdown(diagnosis, style));
    }
    case 'wide': {
      const { formatClusterWide } = await import('../../present/cluster/cluster-diagnosis-wide.ts');
      return stdout.write(formatClusterWide(diagnosis, style));
    }
    case 'csv':
    case 'svg':
      throw new TypeError(`Cannot print a diagnosis as ${format}: no command offers it`);
    case 'table': {
      const options = { style, top };
      if (!explain) {
        const { formatClusterTable } = await import('../../present/cluster/cluster-diagnosis-table.ts');
        return stdout.write(formatClusterTable(diagnosis, options));
      }
      const { formatClusterExplained } = await import('../../present/cluster/cluster-diagnosis-explain.ts');
      return stdout.write(formatClusterExplained(diagnosis, options));
    }
  }
}
