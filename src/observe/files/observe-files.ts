// Facts of one node from files that people saved: what is there is joined, what is not is named. Loads nothing native.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { Gap } from '../../core/model/gap.ts';
import { unknownBehaviour } from '../../core/model/kernel-behaviour.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import { NODE_FACTS_SCHEMA } from '../../core/model/node-facts.ts';
import type { PortClaim } from '../../core/model/port-claim.ts';
import type { Bundle, ChooseNodes, VisitNode } from '../../dumps/bundle/bundle.ts';
import { ALL_NODES, oneNode } from '../../dumps/bundle/choose-nodes.ts';
import { parseIpAddresses } from '../../dumps/links/parse-ip-addresses.ts';
import type { DumpKind } from '../../dumps/recognise-dump.ts';
import { parseSysctlList } from '../../dumps/settings/parse-sysctl-list.ts';
import { parseProcSockets } from '../../dumps/sockets/parse-proc-sockets.ts';
import { parseSs } from '../../dumps/sockets/parse-ss.ts';
import { claimsOf } from '../../dumps/sockets/text-listener.ts';
import { joinClaims } from '../join-claims.ts';
import { CILIUM_SEARCH, ciliumRule } from './cilium-rule.ts';
import { NO_LINKS, NO_SOCKETS, NO_TUNNELS, noSettings, onTheNode, UNPROBED, WITHOUT_EVENTS } from './dump-gaps.ts';
import { textOfInput } from './dump-input.ts';
import type { DumpInput } from './dump-input.ts';
import { openInputs } from './open-inputs.ts';
import type { InputOptions, Opened } from './open-inputs.ts';
import { readCounterFiles } from './read-counter-files.ts';
import { readFlowFiles } from './read-flow-files.ts';
import { readKubeFiles } from './read-kube-files.ts';
import { readRuleFiles } from './read-rule-files.ts';
import type { FilesRules } from './read-rule-files.ts';

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
  const opened = await openInputs(paths, { readStdin, choose: (name) => oneNode(node, name) });
  try {
    return ofNode(bundledFacts(opened) ?? factsOf(ofOneNode(opened, node), options), node);
  } finally {
    for (const input of opened.inputs) input.close();
  }
}

/** What files hold: one node, or a bundle of several, each of which was handed to `visit` and dropped. */
export type SurveyedFiles = { readonly facts: NodeFacts } | { readonly several: Bundle; readonly name: string };

/** As observeFiles; a bundle of several nodes is read node by node where none is named. */
export async function surveyFiles(options: ObserveFilesOptions, visit: VisitNode): Promise<SurveyedFiles> {
  const { paths, readStdin, node } = options;
  const choose =
    (name: string): ChooseNodes =>
    (manifest) => {
      const isWhole = node === undefined && paths.length === 1 && manifest.nodes.length > 1;
      return isWhole ? ALL_NODES(manifest) : oneNode(node, name)(manifest);
    };
  const opened = await openInputs(paths, { readStdin, choose, visit });
  try {
    const [only, ...others] = [...opened.bundles, ...opened.inputs];
    if (others.length === 0 && only !== undefined && 'bundle' in only && only.bundle.nodes.length === 0)
      return { several: only.bundle, name: only.name };
    return { facts: ofNode(bundledFacts(opened) ?? factsOf(ofOneNode(opened, node), options), node) };
  } finally {
    for (const input of opened.inputs) input.close();
  }
}

/** The facts of a bundle. It is whole: anything beside it could only contradict it. Errors: PTL_INPUT_FILE. */
function bundledFacts({ inputs, bundles }: Opened): NodeFacts | undefined {
  const [first, second] = bundles;
  if (first === undefined) return undefined;
  const others = second?.name ?? inputs[0]?.name;
  if (others === undefined)
    return first.bundle.nodes.map((facts) => ({ ...facts, gaps: facts.gaps.map(onTheNode) }))[0];
  throw new PortolanError(
    'PTL_INPUT_FILE',
    `Cannot read ${first.name} together with ${others}, wanted a bundle alone`,
    {
      hint: 'two bundles: portolan compare BEFORE AFTER',
    },
  );
}

/** Text says at most whose it is in the output of sysctl. Errors: PTL_NO_SUCH_NODE. */
function ofNode(facts: NodeFacts, node: string | undefined): NodeFacts {
  if (node === undefined || facts.node === node) return facts;
  throw new PortolanError(
    'PTL_NO_SUCH_NODE',
    `Cannot read node ${node}: the files are of ${facts.node}, wanted its own`,
  );
}

function factsOf({ inputs, gaps: ofArchives }: Opened, { at, node, progress }: ObserveFilesOptions): NodeFacts {
  progress?.('flows', 0);
  const cilium = having(inputs, 'cilium-nat');
  const own = having(inputs, 'ip-addr').flatMap((input) => parseIpAddresses(textOfInput(input)));
  const flows = readFlowFiles([...having(inputs, 'flows'), ...cilium], own);
  progress?.('rules', 0.8);
  const settings = readSettingFiles(inputs);
  const signs = {
    name: node ?? inputs.find((input) => input.node !== undefined)?.node,
    host: settings.host,
    snatAddresses: flows.snatAddresses,
  };
  const cluster = readKubeFiles(having(inputs, 'kube'), signs);
  const addresses = [...new Set([...own, ...flows.snatAddresses, ...cluster.addresses])];
  const rules = withCilium(readRuleFiles(inputs, addresses), cilium.length > 0 ? flows.snatAddresses : undefined);
  const sockets = readSockets(inputs);
  const counters = readCounterFiles(having(inputs, 'counters'));
  const claims = joinClaims({ listeners: sockets.claims, tunnels: [], rules: rules.rules });
  return {
    schema: NODE_FACTS_SCHEMA,
    node: cluster.node ?? settings.host ?? inputs[0]?.name ?? 'files',
    addresses,
    at: writtenAt(inputs) ?? at,
    behaviour: unknownBehaviour(settings.release ?? 'unknown'),
    flows: flows.table,
    flowsSource: having(inputs, 'flows').length + cilium.length > 0 ? 'text' : undefined,
    natRules: rules.rules,
    claims: [...claims, ...cluster.claims],
    counters: counters.delta,
    arrivals: undefined,
    table: settings.table,
    settings: settings.settings,
    ...(cluster.pods === undefined ? {} : { pods: cluster.pods }),
    gaps: [
      ...ofArchives,
      ...[flows, rules, sockets, settings, counters, cluster].flatMap(({ gaps }) => gaps),
      WITHOUT_EVENTS,
      UNPROBED,
      own.length === 0 ? NO_LINKS : NO_TUNNELS,
    ].map(onTheNode),
  };
}

/** Those of the chosen node, and what is of no node. Errors: PTL_NO_SUCH_NODE; PTL_INPUT_FILE: rules of two nodes joined would be those of neither. */
function ofOneNode(opened: Opened, chosen: string | undefined): Opened {
  const { inputs } = opened;
  const nodes = [...new Set(inputs.flatMap(({ node }) => node ?? []))].toSorted();
  if (chosen !== undefined && nodes.length > 0 && !nodes.includes(chosen))
    throw new PortolanError(
      'PTL_NO_SUCH_NODE',
      `Cannot read node ${chosen}: no file is of it, wanted one of ${someOf(nodes)}`,
      { hint: `portolan diagnose FOLDER --node ${nodes[0] ?? ''}` },
    );
  if (chosen !== undefined)
    return { ...opened, inputs: inputs.filter(({ node }) => node === undefined || node === chosen) };
  if (nodes.length < 2) return opened;
  throw new PortolanError(
    'PTL_INPUT_FILE',
    `Cannot read files of ${nodes.length} nodes as one: ${someOf(nodes)}, wanted those of one node`,
    { hint: `portolan diagnose FOLDER --node ${nodes[0] ?? ''}` },
  );
}

function someOf(nodes: readonly string[]): string {
  return nodes.slice(0, 3).join(', ') + (nodes.length > 3 ? ', ...' : '');
}

/** Cilium translates by programs: its mappings are the only trace of them. */
function withCilium(read: FilesRules, addresses: readonly string[] | undefined): FilesRules {
  if (addresses === undefined) return read;
  const { sourceNat } = read.rules;
  const rules = { ...read.rules, sourceNat: [...sourceNat, ciliumRule(addresses, sourceNat.length)] };
  return { rules, gaps: [...read.gaps, CILIUM_SEARCH] };
}

function having(inputs: readonly DumpInput[], kind: DumpKind): readonly DumpInput[] {
  return inputs.filter(({ kinds }) => kinds.includes(kind));
}

function readSockets(inputs: readonly DumpInput[]): { readonly claims: PortClaim[]; readonly gaps: readonly Gap[] } {
  const ss = having(inputs, 'ss').map(textOfInput);
  const proc = having(inputs, 'proc-sockets').map(textOfInput);
  const claims = claimsOf([...ss.flatMap(parseSs), ...proc.flatMap(parseProcSockets)]);
  return { claims, gaps: ss.length + proc.length === 0 ? [NO_SOCKETS] : [] };
}

function readSettingFiles(inputs: readonly DumpInput[]) {
  const texts = having(inputs, 'sysctl').map(textOfInput);
  const read = parseSysctlList(texts.join('\n'));
  const hasFile = texts.length > 0;
  return { ...read, gaps: read.missing.length > 0 ? [noSettings(read.missing, hasFile)] : [] };
}

/** Of the flows where there are any: the rest changes slowly. */
function writtenAt(inputs: readonly DumpInput[]): string | undefined {
  const flows = having(inputs, 'flows');
  const times = (flows.length > 0 ? flows : inputs).flatMap((input) => input.writtenAt ?? []);
  return times.length === 0 ? undefined : new Date(Math.max(...times)).toISOString();
}
