// Facts of one node from opened files: what is there is joined, what is not is named.
import type { Gap } from '../../core/model/gap.ts';
import { unknownBehaviour } from '../../core/model/kernel-behaviour.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import { NODE_FACTS_SCHEMA } from '../../core/model/node-facts.ts';
import type { PortClaim } from '../../core/model/port-claim.ts';
import { parseIpAddresses } from '../../dumps/links/parse-ip-addresses.ts';
import type { FelixStart } from '../../dumps/calico/parse-felix-log.ts';
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
import type { Opened } from './opened.ts';
import { felixOfNode, readFelixLogs, withFelix } from './read-felix-logs.ts';
import { type FilesSets, readSetFiles, resolveSets } from './resolve-sets.ts';
import { readCounterFiles } from './read-counter-files.ts';
import { readFlowFiles } from './read-flow-files.ts';
import { type KubeRead, readKubeDump, readKubeFiles } from './read-kube-files.ts';
import { readRuleFiles } from './read-rule-files.ts';
import type { FilesRules } from './read-rule-files.ts';

export interface JoinFilesOptions {
  /** Wall-clock time for what has none of its own, ISO 8601. */
  readonly at: string;
  /** The node they are of, where a person says so. */
  readonly node?: string;
  /** What the files of kubectl say, where it was read already. */
  readonly kube?: KubeRead;
  /** The same of calico-node's logs. */
  readonly logs?: readonly FelixStart[];
  readonly progress?: (step: string, share: number) => void;
}

/** The facts of one node from files that are all of it, or of its cluster. */
export function joinFiles(
  { inputs, gaps: ofArchives, piped }: Omit<Opened, 'bundles'>,
  {
    at,
    node,
    kube = readKubeDump(having(inputs, 'kube')),
    logs = readFelixLogs(having(inputs, 'felix-log')),
    progress,
  }: JoinFilesOptions,
): NodeFacts {
  progress?.('flows', 0);
  const cilium = having(inputs, 'cilium-nat');
  const own = ownAddresses(inputs);
  const flows = readFlowFiles([...having(inputs, 'flows'), ...cilium], { addresses: own, piped });
  progress?.('rules', 0.8);
  const settings = readSettingFiles(inputs);
  const signs = {
    name: node ?? inputs.find((input) => input.node !== undefined)?.node,
    host: settings.host,
    snatAddresses: flows.snatAddresses,
  };
  const cluster = readKubeFiles(kube, signs);
  const addresses = [...new Set([...own, ...flows.snatAddresses, ...cluster.addresses])];
  const name = cluster.node ?? signs.name ?? settings.host;
  const sets = readSetFiles(having(inputs, 'ipset'));
  const logged = withFelix(readRuleFiles(inputs, addresses), felixOfNode(logs, name));
  const rules = withCilium(withSets(logged, sets), cilium.length > 0 ? flows.snatAddresses : undefined);
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
      ...[flows, rules, sets, sockets, settings, counters, cluster].flatMap(({ gaps }) => gaps),
      WITHOUT_EVENTS,
      UNPROBED,
      own.length === 0 ? NO_LINKS : NO_TUNNELS,
    ].map(onTheNode),
  };
}

/** The node's own, by `ip addr`. */
export function ownAddresses(inputs: readonly DumpInput[]): readonly string[] {
  return having(inputs, 'ip-addr').flatMap((input) => parseIpAddresses(textOfInput(input)));
}

function withSets({ rules, gaps }: FilesRules, { sets }: FilesSets): FilesRules {
  return { rules: { ...rules, sourceNat: resolveSets(rules.sourceNat, sets) }, gaps };
}

/** Cilium translates by programs: its mappings are the only trace of them. */
function withCilium(read: FilesRules, addresses: readonly string[] | undefined): FilesRules {
  if (addresses === undefined) return read;
  const { sourceNat } = read.rules;
  const rules = { ...read.rules, sourceNat: [...sourceNat, ciliumRule(addresses, sourceNat.length)] };
  return { rules, gaps: [...read.gaps, CILIUM_SEARCH] };
}

export function having(inputs: readonly DumpInput[], kind: DumpKind): readonly DumpInput[] {
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
