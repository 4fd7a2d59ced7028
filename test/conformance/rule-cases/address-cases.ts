// SNAT to addresses, rules of several parts, and the node's own connections.
import { UDP } from '../../../src/core/model/protocol.ts';
import { candidatesOf, type ConformanceCase } from '../conformance-case.ts';
import { portsOf } from '../many-flows.ts';
import { hashedAddress } from '../../../src/core/alloc/nat/snat-address.ts';
import { type Flow, REMOTE } from '../nat-node.ts';
import { RANGE, POD_A, POD_B, udp, REMOTES, portOf, ruleCase, TRIES_PER_PORT, isInside } from './rule-case.ts';

const ADDRESSES = ['192.0.2.20', '192.0.2.23'];

const addresses: readonly ConformanceCase[] = [
  ruleCase(
    'snat to one address keeps ports as masquerade does',
    { addresses: ['192.0.2.20'], random: 'none' },
    (node) => {
      const flow = udp(POD_A, 5000);
      const opened = node.open(flow);
      const second = portOf(node, udp(POD_B, 5000));
      const { address = '', port = 0 } = node.translated(flow) ?? {};
      return { opened, address, port, secondMoved: second !== 5000 && second >= 1024 };
    },
    { opened: true, address: '192.0.2.20', port: 5000, secondMoved: true },
  ),
  ruleCase(
    'snat to one address and a range, random-fully, searches the range as masquerade does',
    { addresses: ['192.0.2.20'], range: RANGE, random: 'random-fully' },
    (node) => {
      const flows = Array.from({ length: 40 }, (_, index) => udp(POD_A, 40_100 + index));
      const seen = flows.map((flow) => (node.open(flow) ? node.translated(flow) : undefined));
      const kept = seen.filter((to, index) => to?.port === flows[index]?.sourcePort).length;
      return {
        addresses: [...new Set(seen.map((to) => to?.address ?? ''))],
        inRange: seen.every((to) => isInside(to?.port ?? 0)),
        fewKept: kept <= 5,
      };
    },
    { addresses: ['192.0.2.20'], inRange: true, fewKept: true },
  ),
  ruleCase(
    // The address is a hash of pod and remote: that all 40 pods meet on one of four is a matter of 10^-23.
    'snat to four addresses: one pod and remote stay on one, 40 pods use several',
    { addresses: ADDRESSES, range: RANGE, random: 'random-fully' },
    (node) => {
      const used = (flows: readonly Flow[]): number =>
        new Set(flows.map((flow) => (node.open(flow) ? node.translated(flow)?.address : undefined))).size;
      const one = used(Array.from({ length: 20 }, (_, index) => udp(POD_A, 5000 + index)));
      const all = used(Array.from({ length: 40 }, (_, index) => udp(`10.244.3.${index + 1}`, 5000)));
      return { one, several: all >= 2 };
    },
    { one: 1, several: true },
  ),
];

/** Pods and remotes of the hash: enough that a wrong one agrees in 10^-14 of the cases. */
const HASHED = [1, 2, 3, 4, 5, 6].flatMap((pod) =>
  REMOTES.slice(0, 4).map((remote) => udp(`10.244.9.${pod}`, 5000, remote)),
);

const hashed: readonly ConformanceCase[] = [false, true].map((persistent) =>
  ruleCase(
    `snat to four addresses${persistent ? ', persistent' : ''}: each pod and remote get the very address of the hash`,
    { addresses: ADDRESSES, range: RANGE, random: 'random-fully', persistent },
    (node) => ({ addresses: HASHED.map((flow) => (node.open(flow) ? (node.translated(flow)?.address ?? '') : '')) }),
    () => ({
      addresses: HASHED.map(({ source, remote }) => {
        const choice = persistent ? 'persistent' : 'hash';
        const tuple = { source: littleEndian(source), remote: littleEndian(remote) };
        return `192.0.2.${20 + hashedAddress(tuple, { addresses: 4, choice })}`;
      }),
    }),
  ),
);

function littleEndian(address: string): number {
  return address.split('.').reduceRight((word, byte) => word * 256 + Number(byte), 0);
}

const PARTS = [
  { range: { first: 40_000, last: 40_099 }, share: 0.25 },
  { range: { first: 50_000, last: 50_299 }, share: 0.75 },
];

const parts: readonly ConformanceCase[] = [
  ruleCase(
    'two parts by numgen: both are filled to the last port and nothing lies outside',
    { parts: PARTS, random: 'random-fully' },
    (node) => {
      for (let id = 0, opened = 0; opened < 400 && id < 400 * TRIES_PER_PORT; id += 1)
        if (node.open(udp(POD_A, 10_000 + id))) opened += 1;
      const held = node.held({ protocol: UDP, remote: REMOTE, remotePort: 443 });
      return { inParts: PARTS.map(({ range }) => held.count(range)), all: held.count() };
    },
    { inParts: [100, 300], all: 400 },
  ),
  ruleCase(
    // Of 200 flows the full part is drawn by 50 on average; by fewer than 11 or more than 99 in 10^-12 of runs.
    'two parts by numgen: who draws the full part is dropped, the other part does not help',
    { parts: PARTS, random: 'random-fully' },
    (node) => {
      const space = { protocol: UDP, remote: REMOTE, remotePort: 443 };
      node.occupy({ ...space, ports: portsOf({ first: 40_000, last: 40_099 }) });
      const opened = Array.from({ length: 200 }, (_, id) => node.open(udp(POD_A, 10_000 + id)));
      const refused = opened.filter((isOpen) => !isOpen).length;
      const elsewhere = node.held(space).count() - node.held(space).count({ first: 50_000, last: 50_299 });
      return { someRefused: refused > 10 && refused < 100, elsewhere };
    },
    { someRefused: true, elsewhere: 100 },
  ),
  ruleCase(
    // Sixty flows are all on one side in 2 of 10^18 runs.
    'two addresses by numgen: one pod and remote use the ports of both',
    {
      parts: [20, 21].map((last) => ({ range: RANGE, share: 0.5, address: `192.0.2.${last}` })),
      random: 'random-fully',
    },
    (node) => {
      const seen = Array.from({ length: 60 }, (_, index) => udp(POD_A, 5000 + index)).map((flow) =>
        node.open(flow) ? node.translated(flow) : undefined,
      );
      return {
        addresses: [...new Set(seen.map((to) => to?.address ?? ''))].sort(),
        inRange: seen.every((to) => isInside(to?.port ?? 0)),
      };
    },
    { addresses: ['192.0.2.20', '192.0.2.21'], inRange: true },
  ),
];

function host(sourcePort: number): Flow {
  return { ...udp('192.0.2.10', sourcePort) };
}

const hosts: readonly ConformanceCase[] = [
  ruleCase(
    "the node's own connection keeps its port, and that port is held for pods",
    { range: { first: 40_000, last: 40_000 }, random: 'random-fully' },
    (node) => ({ own: portOf(node, host(40_000)), pod: node.open(udp(POD_A, 5000)), found: node.found }),
    (answering) => ({ own: 40_000, pod: false, found: candidatesOf(1, false, answering) }),
  ),
  ruleCase(
    "the node's own connection gets another port of its class, whatever range the rules name, where a pod holds its own",
    { range: { first: 40_000, last: 40_000 }, random: 'random-fully' },
    (node) => {
      const pod = portOf(node, udp(POD_A, 5000));
      const own = portOf(node, host(40_000));
      return { pod, ownMoved: own !== 40_000, ownInClass: own >= 1024 };
    },
    { pod: 40_000, ownMoved: true, ownInClass: true },
  ),
];

export const ADDRESS_CASES: readonly ConformanceCase[] = [...addresses, ...hashed, ...parts, ...hosts];
