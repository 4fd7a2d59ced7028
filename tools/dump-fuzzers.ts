// What the fuzzer of saved text runs: each parser with what must hold of its answer whatever the text is.
import { readdirSync, readFileSync } from 'node:fs';
import { natRulesOf } from '../src/core/nat-rules/nat-rules-of.ts';
import { parseFelixLog } from '../src/dumps/calico/parse-felix-log.ts';
import { conntrackLine, parseCiliumNat } from '../src/dumps/cilium/parse-cilium-nat.ts';
import { counterSnapshots } from '../src/dumps/flows/counter-snapshots.ts';
import { counterWindow } from '../src/dumps/flows/counter-window.ts';
import { kubeDocuments } from '../src/dumps/kube/kube-documents.ts';
import { kubeDump } from '../src/dumps/kube/kube-dump.ts';
import { parseIpAddresses } from '../src/dumps/links/parse-ip-addresses.ts';
import { recogniseDump } from '../src/dumps/recognise-dump.ts';
import { parseIptablesSave } from '../src/dumps/rules/parse-iptables-save.ts';
import { parseNftJson } from '../src/dumps/rules/parse-nft-json.ts';
import { parseNftText } from '../src/dumps/rules/parse-nft-text.ts';
import { parseIpset } from '../src/dumps/sets/parse-ipset.ts';
import { parseSysctlList } from '../src/dumps/settings/parse-sysctl-list.ts';
import { parseProcSockets } from '../src/dumps/sockets/parse-proc-sockets.ts';
import { parseSs } from '../src/dumps/sockets/parse-ss.ts';
import { claimsOf } from '../src/dumps/sockets/text-listener.ts';
import { Mutator } from './mutator.ts';

interface DumpFuzzer {
  readonly name: string;
  /** Throws where the parser does, or where its answer contradicts itself. */
  readonly run: (text: string) => void;
}

export const DUMP_FUZZERS: readonly DumpFuzzer[] = [
  { name: 'recognise', run: (text) => recogniseDump(new TextEncoder().encode(text), text.slice(0, 40)) },
  { name: 'iptables-save', run: (text) => natRulesOf(parseIptablesSave(text).tables, []) },
  { name: 'nft-json', run: (text) => natRulesOf(parseNftJson(text) ?? [], []) },
  { name: 'nft-text', run: (text) => natRulesOf(parseNftText(text).tables, []) },
  { name: 'kubectl', run: (text) => kubeDump(kubeDocuments(text).objects) },
  { name: 'ss', run: (text) => wholePorts(claimsOf(parseSs(text))) },
  { name: 'proc-sockets', run: (text) => wholePorts(claimsOf(parseProcSockets(text))) },
  { name: 'sysctl', run: (text) => parseSysctlList(text) },
  { name: 'counters', run: countersAreTold },
  { name: 'ip-addr', run: (text) => parseIpAddresses(text) },
  { name: 'ipset', run: networksAreNetworks },
  { name: 'felix-log', run: rangesAreRanges },
  { name: 'cilium', run: (text) => parseCiliumNat(text).mappings.forEach(conntrackLine) },
];

function wholePorts(claims: ReturnType<typeof claimsOf>): void {
  const wrong = claims.find(({ ports: { first, last } }) => !(first >= 1 && last <= 65_535 && first <= last));
  if (wrong !== undefined) throw new Error(`a claim of ports ${wrong.ports.first}-${wrong.ports.last}`);
}

function networksAreNetworks(text: string): void {
  const wrong = parseIpset(text).flatMap(({ networks }) =>
    networks.filter((network) => !/^[\da-f.:]+(?:\/\d+)?$/i.test(network)),
  );
  if (wrong.length > 0) throw new Error(`a network ${wrong[0]}`);
}

function rangesAreRanges(text: string): void {
  for (const { range } of parseFelixLog(text))
    if (range !== undefined && !(range.first <= range.last && range.last <= 65_535)) throw new Error('no range');
}

/** A window or a reason why there is none; never zeros alone. */
function countersAreTold(text: string): void {
  const { delta, gaps } = counterWindow(counterSnapshots(text));
  if (delta === undefined && gaps.length === 0) throw new Error('neither a window nor a gap');
  if (delta !== undefined && !(delta.seconds > 0 && delta.insertFailed >= 0)) throw new Error('a window of nothing');
}

const CORPORA = ['test/corpora/dump-texts', 'test/corpora/nat-rules', 'test/corpora/kube', 'test/corpora/flow-text'];
/** Words that make a text look like another kind, or end what it is in. */
const SPLICES = [
  '\n',
  '\r\n',
  '{',
  '}',
  '"',
  ' : ',
  '---\n',
  '# xt_',
  ' vmap { ',
  '\u0000',
  '-A ',
  'apiVersion: v1\n',
  'create s hash:net \nadd s 10.0.0.0/8 nomatch\n',
  'Name: s\nType: hash:net\nNumber of entries: 1\nMembers:\n',
  'Parsed value for NATPortRange: 1:2 (from x)\n',
  'Skipping config value for NATPortRange from x;',
  '&a [*a',
  ',',
  'TCP OUT 10.0.1.5:1 -> 203.0.113.9:2 XLATE_SRC 192.0.2.10:3\n',
  '[{"Key": {"NextHeader": 6',
];

export function dumpCorpus(): readonly Uint8Array[] {
  return CORPORA.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => !name.endsWith('.bin'))
      .map((name) => readFileSync(`${folder}/${name}`)),
  );
}

export interface FuzzOutcome {
  readonly inputs: number;
  /** Undefined: none. */
  readonly problem: string | undefined;
}

export function fuzzDumps(seed: number, { until }: { readonly until: (inputs: number) => boolean }): FuzzOutcome {
  const mutator = new Mutator(seed);
  const corpus = dumpCorpus();
  let inputs = 0;
  for (; !until(inputs); inputs += 1) {
    const text = nextText(mutator, corpus);
    for (const { name, run } of DUMP_FUZZERS) {
      try {
        run(text);
      } catch (error) {
        const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
        return { inputs, problem: `${name}: ${said}: ${JSON.stringify(text)}` };
      }
    }
  }
  return { inputs, problem: undefined };
}

function nextText(mutator: Mutator, corpus: readonly Uint8Array[]): string {
  const bytes = corpus[mutator.random(corpus.length)] ?? new Uint8Array(0);
  const start = mutator.random(4) === 0 ? mutator.random(bytes.length) : 0;
  let text = Buffer.from(mutator.mutated(bytes.subarray(start, start + 1 + mutator.random(8000)))).toString('utf8');
  for (let splices = mutator.random(4); splices > 0; splices -= 1) {
    const at = mutator.random(text.length + 1);
    const splice = (SPLICES[mutator.random(SPLICES.length)] ?? '').repeat(mutator.random(20) === 0 ? 3000 : 1);
    text = text.slice(0, at) + splice + text.slice(at + mutator.random(30));
  }
  return text;
}
