// Files that people saved, to the facts of the node or nodes they are of. Loads nothing native.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { ClusterFacts } from '../../core/model/cluster-facts.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import type { ChooseNodes, VisitNode } from '../../dumps/bundle/bundle.ts';
import { ALL_NODES, oneNode } from '../../dumps/bundle/choose-nodes.ts';
import { onTheNode } from './dump-gaps.ts';
import type { DumpInput } from './dump-input.ts';
import { joinFiles, ownAddresses } from './join-files.ts';
import { flowReaderFor } from './read-flow-files.ts';
import { inputsOfNode, nodesOfInputs } from './inputs-of-node.ts';
import { openInputs } from './open-inputs.ts';
import type { InputOptions, Opened } from './opened.ts';
import { joinEachNode } from './join-each-node.ts';

export interface ObserveFilesOptions extends Pick<InputOptions, 'readStdin'> {
  /** Files, folders, archives, a bundle, or `-`. */
  readonly paths: readonly string[];
  /** Wall-clock time for what has none of its own, ISO 8601. */
  readonly at: string;
  /** The node to read where there are several: in a bundle, in a tree of folders, among the objects of a cluster. */
  readonly node?: string;
  readonly progress?: (step: string, share: number) => void;
}

/** Reads all files. Errors: those of openInputs, with everything that is wrong. */
export async function observeFiles(options: ObserveFilesOptions): Promise<NodeFacts> {
  const { paths, readStdin, node } = options;
  const opened = await openInputs(paths, { readStdin, choose: (name) => oneNode(node, name), flowReader });
  return closing(opened, () => factsOfOne(opened, options));
}

/** Several nodes, each of which was handed to a visitor and dropped. */
export interface SeveralNodes {
  /** The cluster's name, or that of the file. */
  readonly name: string;
  /** ISO 8601. */
  readonly at: string;
  /** What the API server said, where a bundle holds it. */
  readonly cluster: ClusterFacts | undefined;
}

/** What files hold: one node, or several. */
export type SurveyedFiles = { readonly facts: NodeFacts } | { readonly several: SeveralNodes };

/** As observeFiles; of a bundle, or a tree, of several nodes each is read and visited where none is named. */
export async function surveyFiles(options: ObserveFilesOptions, visit: VisitNode): Promise<SurveyedFiles> {
  const { paths, readStdin, node, at } = options;
  const choose =
    (name: string): ChooseNodes =>
    (manifest) => {
      const isWhole = node === undefined && paths.length === 1 && manifest.nodes.length > 1;
      return isWhole ? ALL_NODES(manifest) : oneNode(node, name)(manifest);
    };
  const opened = await openInputs(paths, { readStdin, choose, visit: (facts) => visit(fromBundle(facts)), flowReader });
  return closing(opened, () => {
    const [only, ...others] = [...opened.bundles, ...opened.inputs];
    if (others.length === 0 && only !== undefined && 'bundle' in only && only.bundle.nodes.length === 0) {
      const { manifest, cluster } = only.bundle;
      return {
        several: { name: cluster?.cluster ?? manifest.cluster?.cluster ?? only.name, at: manifest.at, cluster },
      };
    }
    const nodes = node === undefined && opened.bundles.length === 0 ? nodesOfInputs(opened.inputs) : [];
    if (nodes.length < 2) return { facts: factsOfOne(opened, options) };
    joinEachNode(opened, { ...options, nodes, visit });
    return { several: { name: paths.join(', '), at, cluster: undefined } };
  });
}

function flowReader(others: readonly DumpInput[]) {
  return flowReaderFor(ownAddresses(others));
}

function closing<Value>({ inputs }: Opened, read: () => Value): Value {
  try {
    return read();
  } finally {
    for (const input of inputs) input.close();
  }
}

function factsOfOne(opened: Opened, options: ObserveFilesOptions): NodeFacts {
  const { node } = options;
  return ofNode(bundledFacts(opened) ?? joinFiles(inputsOfNode(opened, node), options), node);
}

/** The facts of a bundle. It is whole: anything beside it could only contradict it. Errors: PTL_INPUT_FILE. */
function bundledFacts({ inputs, bundles }: Opened): NodeFacts | undefined {
  const [first, second] = bundles;
  if (first === undefined) return undefined;
  const others = second?.name ?? inputs[0]?.name;
  if (others === undefined) return first.bundle.nodes.map(fromBundle)[0];
  throw new PortolanError(
    'PTL_INPUT_FILE',
    `Cannot read ${first.name} together with ${others}, wanted a bundle alone`,
    {
      hint: 'two bundles: portolan compare BEFORE AFTER',
    },
  );
}

function fromBundle(facts: NodeFacts): NodeFacts {
  return { ...facts, gaps: facts.gaps.map(onTheNode) };
}

/** Text says at most whose it is in the output of sysctl. Errors: PTL_NO_SUCH_NODE. */
function ofNode(facts: NodeFacts, node: string | undefined): NodeFacts {
  if (node === undefined || facts.node === node) return facts;
  throw new PortolanError(
    'PTL_NO_SUCH_NODE',
    `Cannot read node ${node}: the files are of ${facts.node}, wanted its own`,
  );
}
