// `cilium bpf nat list` (`cilium-dbg` since 1.15), as text or with -o json: source NAT that Cilium's eBPF programs do, which
// conntrack and its rules do not show. Forms by reading cilium-dbg/cmd/bpf_nat_list.go and pkg/tuple; no Cilium was run.
import { listOf, member, numberOf, textOf } from '../json-value.ts';

/** One source port that Cilium gave out. Addresses as text. */
export interface CiliumMapping {
  /** IPPROTO_*. */
  readonly protocol: number;
  readonly source: string;
  readonly sourcePort: number;
  readonly remote: string;
  readonly remotePort: number;
  readonly snatAddress: string;
  readonly snatPort: number;
}

export interface CiliumNat {
  readonly mappings: readonly CiliumMapping[];
  /** Entries that were not understood. */
  readonly unread: number;
}

const PROTOCOLS: ReadonlyMap<string, number> = new Map([
  ['ICMP', 1],
  ['TCP', 6],
  ['UDP', 17],
  ['ICMPv6', 58],
  ['SCTP', 132],
]);

/** Never throws. */
export function parseCiliumNat(text: string): CiliumNat {
  return text.trimStart().startsWith('[{') || /^\s*\[\s*\{/.test(text) ? fromJson(text) : fromText(text);
}

/** `TCP OUT 10.0.1.5:33388 -> 203.0.113.9:443 XLATE_SRC 192.0.2.10:33388 Created=9sec ago NeedsCT=0`; IPv6 in brackets. */
const LINE = /^\s*(\w+) (IN|OUT) (\S+):(\d+) -> (\S+):(\d+) (?:related |service )*XLATE_(SRC|DST) (\S+):(\d+)/;

function fromText(text: string): CiliumNat {
  const mappings: CiliumMapping[] = [];
  let unread = 0;
  for (const line of text.split('\n')) {
    const [, name = '', way, source = '', sourcePort, remote = '', remotePort, side, address = '', port] =
      LINE.exec(line) ?? [];
    const protocol = PROTOCOLS.get(name);
    if (protocol === undefined) unread += / XLATE_/.test(line) ? 1 : 0;
    // The same translation stands there once for each direction.
    else if (way === 'OUT' && side === 'SRC')
      mappings.push({
        protocol,
        source: bare(source),
        sourcePort: Number(sourcePort),
        remote: bare(remote),
        remotePort: Number(remotePort),
        snatAddress: bare(address),
        snatPort: Number(port),
      });
  }
  return { mappings, unread };
}

function bare(address: string): string {
  return address.replace(/^\[(.*)\]$/, '$1');
}

/** TUPLE_F_IN of the key's flags. */
const INBOUND = 1;

function fromJson(text: string): CiliumNat {
  const entries = listIn(text);
  const mappings = entries.flatMap((entry) => mappingOf(member(entry, 'Key'), member(entry, 'Value')) ?? []);
  const isSwapped = score(mappings.map(swapped)) > score(mappings);
  const outbound = entries.filter((entry) => ((numberOf(member(member(entry, 'Key'), 'Flags')) ?? 0) & INBOUND) === 0);
  return { mappings: isSwapped ? mappings.map(swapped) : mappings, unread: outbound.length - mappings.length };
}

function listIn(text: string): readonly unknown[] {
  try {
    return listOf(JSON.parse(text));
  } catch {
    return [];
  }
}

function mappingOf(key: unknown, value: unknown): CiliumMapping | undefined {
  if (((numberOf(member(key, 'Flags')) ?? 0) & INBOUND) !== 0) return undefined;
  const next = member(key, 'NextHeader');
  const protocol = numberOf(next) ?? PROTOCOLS.get(textOf(next));
  const [source, remote, snatAddress] = [member(key, 'SourceAddr'), member(key, 'DestAddr'), member(value, 'Addr')].map(
    address,
  );
  const [sourcePort, remotePort, snatPort] = [
    member(key, 'SourcePort'),
    member(key, 'DestPort'),
    member(value, 'Port'),
  ].map(numberOf);
  if (protocol === undefined || source === undefined || remote === undefined || snatAddress === undefined)
    return undefined;
  if (sourcePort === undefined || remotePort === undefined || snatPort === undefined) return undefined;
  return { protocol, source, sourcePort, remote, remotePort, snatAddress, snatPort };
}

/** Go prints an array of bytes as numbers; a text where the type learnt to print itself. */
function address(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  const bytes = listOf(value).map(numberOf);
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.length !== 16) return undefined;
  const words = Array.from({ length: 8 }, (_, at) =>
    (((bytes[at * 2] ?? 0) << 8) | (bytes[at * 2 + 1] ?? 0)).toString(16),
  );
  return words.join(':');
}

/** Keys are printed as they lie in the map: ports in network order, which a little-endian machine shows swapped. */
function swapped(mapping: CiliumMapping): CiliumMapping {
  const swap = (port: number): number => ((port & 0xff) << 8) | (port >>> 8);
  const { sourcePort, remotePort, snatPort } = mapping;
  return { ...mapping, sourcePort: swap(sourcePort), remotePort: swap(remotePort), snatPort: swap(snatPort) };
}

/** Services listen low, Cilium gives ports above the NodePorts: how many mappings look so. */
function score(mappings: readonly CiliumMapping[]): number {
  return mappings.reduce(
    (sum, { remotePort, snatPort }) => sum + (remotePort < 10_000 ? 1 : 0) + (snatPort > 32_767 ? 1 : 0),
    0,
  );
}

/** As a line of conntrack, whose reader then makes columns of it. */
export function conntrackLine(mapping: CiliumMapping): string {
  const { protocol, source, sourcePort, remote, remotePort, snatAddress, snatPort } = mapping;
  const isEcho = protocol === 1 || protocol === 58;
  const original = isEcho ? `type=8 code=0 id=${sourcePort}` : `sport=${sourcePort} dport=${remotePort}`;
  const reply = isEcho ? `type=0 code=0 id=${snatPort}` : `sport=${remotePort} dport=${snatPort}`;
  return `cilium ${protocol} src=${source} dst=${remote} ${original} src=${remote} dst=${snatAddress} ${reply} mark=0 use=1\n`;
}
