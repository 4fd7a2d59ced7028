// What each combination of flags makes of a flow's own port: kept, shared with the pod port's other flows, or searched anew.
import { ICMP, TCP, UDP } from '../../src/core/model/protocol.ts';
import type { PortRange } from '../../src/core/model/port-range.ts';
import type { NatRandom } from '../../src/core/model/nat-rule.ts';
import { candidatesOf, type ConformanceCase, type Observation, withNode } from './conformance-case.ts';
import { portsOf } from './many-flows.ts';
import { type Flow, type NatNode, REMOTE, REMOTE_6, type Rule } from './nat-node.ts';

const RANGE: PortRange = { first: 40_000, last: 40_999 };
const RANDOMS: readonly NatRandom[] = ['random', 'random-fully'];

const POD_A = '10.244.1.1';
const POD_B = '10.244.1.2';
const REMOTES = [10, 11, 12, 13, 14, 15, 16, 17].map((last) => `203.0.113.${last}`);

function udp(source: string, sourcePort: number, remote = REMOTE): Flow {
  return { protocol: UDP, source, sourcePort, remote, remotePort: 443 };
}

function portOf(node: NatNode, flow: Flow): number {
  return node.open(flow) ? (node.translated(flow)?.port ?? -1) : -1;
}

function ruleCase(
  name: string,
  rule: Rule,
  observe: (node: NatNode) => Observation,
  expected: Observation | ConformanceCase['expected'],
): ConformanceCase {
  return {
    name,
    needs: 'rules',
    run: (make) => withNode(make(rule), observe),
    expected: typeof expected === 'function' ? expected : () => expected,
  };
}

function since5(unknownBefore: ConformanceCase): ConformanceCase {
  return { ...unknownBefore, since5: true };
}

const keeping: readonly ConformanceCase[] = [
  ruleCase(
    'masquerade without flags keeps the port of a flow, whatever its class',
    { random: 'none' },
    (node) => ({ ports: [300, 700, 5000, 65_535].map((port) => portOf(node, udp(POD_A, port))) }),
    { ports: [300, 700, 5000, 65_535] },
  ),
  ruleCase(
    'masquerade without flags: two pods with one port keep it towards two remotes, and only one of them towards the same',
    { random: 'none' },
    (node) => {
      const [first, elsewhere, second] = [
        portOf(node, udp(POD_A, 5000)),
        portOf(node, udp(POD_B, 5000, '203.0.113.11')),
        portOf(node, udp(POD_B, 5000)),
      ];
      return { first, elsewhere, secondMoved: second !== 5000, secondInClass: second >= 1024 };
    },
    { first: 5000, elsewhere: 5000, secondMoved: true, secondInClass: true },
  ),
  ruleCase(
    'masquerade to a range without random flags keeps a port inside it and searches the range for one outside',
    { range: RANGE, random: 'none' },
    (node) => {
      const inside = [40_000, 40_500, 40_999].map((port) => portOf(node, udp(POD_A, port)));
      const outside = [39_999, 41_000, 5000].map((port) => portOf(node, udp(POD_A, port)));
      return { inside, outsideInRange: outside.map(isInside) };
    },
    { inside: [40_000, 40_500, 40_999], outsideInRange: [true, true, true] },
  ),
  ruleCase(
    'masquerade to a range without random flags: a second pod with a held port inside it is searched another',
    { range: RANGE, random: 'none' },
    (node) => {
      const first = portOf(node, udp(POD_A, 40_500));
      const second = portOf(node, udp(POD_B, 40_500));
      return { first, secondMoved: second !== 40_500, secondInRange: isInside(second) };
    },
    { first: 40_500, secondMoved: true, secondInRange: true },
  ),
  ruleCase(
    'masquerade to one port without random flags: a flow that has it keeps it unchecked and is dropped when it is held',
    { range: { first: 40_000, last: 40_000 }, random: 'none' },
    (node) => ({
      opened: [node.open(udp(POD_A, 40_000)), node.open(udp(POD_B, 40_000)), node.open(udp(POD_B, 40_001))],
      // The unchecked one meets nobody before it is confirmed; the searched one meets the one candidate.
      found: node.found,
      insertFailed: node.insertFailed,
    }),
    (answering) => ({ opened: [true, false, false], found: candidatesOf(1, false, answering), insertFailed: 2 }),
  ),
];

const reuse: readonly ConformanceCase[] = [
  ruleCase(
    "without random flags a pod's port has one translation towards all remotes, once it has been searched",
    { range: RANGE, random: 'none' },
    (node) => ({ distinct: new Set(REMOTES.map((remote) => portOf(node, udp(POD_A, 5000, remote)))).size }),
    { distinct: 1 },
  ),
  ruleCase(
    'without random flags the shared translation is left where another flow holds the port',
    { range: RANGE, random: 'none' },
    (node) => {
      const shared = portOf(node, udp(POD_A, 5000));
      const blocker = portOf(node, udp(POD_B, shared, '203.0.113.11'));
      const other = portOf(node, udp(POD_A, 5000, '203.0.113.11'));
      return { blocked: blocker === shared, otherMoved: other !== shared, otherInRange: isInside(other) };
    },
    { blocked: true, otherMoved: true, otherInRange: true },
  ),
  ...RANDOMS.map((random) =>
    ruleCase(
      // Eight searches of 1,000 ports give fewer than 5 different ones in 2 of 10^9 runs.
      `${random}: every flow of one pod port is searched anew`,
      { range: RANGE, random },
      (node) => ({ many: new Set(REMOTES.map((remote) => portOf(node, udp(POD_A, 5000, remote)))).size >= 5 }),
      { many: true },
    ),
  ),
  ...RANDOMS.map((random) =>
    ruleCase(
      // Each keeps its own by chance with 1/1000: more than 5 of 40 do so in 4 of 10^12 runs.
      `${random}: a port inside the range is not kept`,
      { range: RANGE, random },
      (node) => {
        const ports = Array.from({ length: 40 }, (_, index) => 40_100 + index);
        const seen = ports.map((port) => portOf(node, udp(POD_A, port)));
        return {
          inRange: seen.every(isInside),
          fewKept: seen.filter((port, index) => port === ports[index]).length <= 5,
        };
      },
      { inRange: true, fewKept: true },
    ),
  ),
];

const CLASSES = [
  { own: { first: 1, last: 511 }, range: { first: 1, last: 511 } },
  { own: { first: 512, last: 1023 }, range: { first: 600, last: 1023 } },
] as const;

/** Far more than needed: see set-cases.ts. */
const TRIES_PER_PORT = 40;

const classes: readonly ConformanceCase[] = [
  ...CLASSES.flatMap(({ own, range }) =>
    RANDOMS.map((random) =>
      ruleCase(
        `${random} without a range: flows from ports ${own.first}-${own.last} fill ${range.first}-${range.last} and nothing else`,
        { random },
        (node) => {
          const size = range.last - range.first + 1;
          let opened = 0;
          for (let id = 0; opened < size && id < size * TRIES_PER_PORT; id += 1) {
            const ownPort = own.first + (id % (own.last - own.first + 1));
            if (node.open(udp(`10.244.2.${1 + Math.floor(id / 500)}`, ownPort))) opened += 1;
          }
          const held = node.held({ protocol: UDP, remote: REMOTE, remotePort: 443 });
          return { held: held.count(), inside: held.count(range) };
        },
        { held: range.last - range.first + 1, inside: range.last - range.first + 1 },
      ),
    ),
  ),
  ...RANDOMS.map((random) =>
    since5(
      ruleCase(
        // 200 searches of 64,512 ports reach neither the lowest nor the highest tenth in 10^-9 of runs each.
        `${random} without a range: flows from ports 1024 and above are searched in all of 1024-65535`,
        { random },
        (node) => {
          const seen = Array.from({ length: 200 }, (_, index) => portOf(node, udp(POD_A, 1024 + index)));
          return {
            inClass: seen.every((port) => port >= 1024),
            low: seen.some((port) => port < 7475),
            high: seen.some((port) => port > 59_084),
          };
        },
        { inClass: true, low: true, high: true },
      ),
    ),
  ),
];

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
      node.fill({ ...space, ports: portsOf({ first: 40_000, last: 40_099 }) });
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

function echo(source: string, id: number, remote = REMOTE): Flow {
  return { protocol: ICMP, source, sourcePort: id, remote, remotePort: 0 };
}

const echoes: readonly ConformanceCase[] = [
  ruleCase(
    'echo requests keep their identifier while it is free, 0 and 65535 too',
    { random: 'none' },
    (node) => {
      const kept = [0, 7, 65_535].map((id) => portOf(node, echo(POD_A, id)));
      const elsewhere = portOf(node, echo(POD_B, 7, '203.0.113.11'));
      return { kept, elsewhere, secondMoved: portOf(node, echo(POD_B, 7)) !== 7 };
    },
    { kept: [0, 7, 65_535], elsewhere: 7, secondMoved: true },
  ),
  since5(
    ruleCase(
      // 200 searches of 65,536 identifiers reach neither the lowest nor the highest tenth in 10^-9 of runs each.
      'random-fully: echo requests are searched any identifier from 0 to 65535, and a range for ports does not bind them',
      { range: RANGE, random: 'random-fully' },
      (node) => {
        const seen = Array.from({ length: 200 }, (_, index) => portOf(node, echo(POD_A, 40_000 + index)));
        const kept = seen.filter((id, index) => id === 40_000 + index).length;
        return { low: seen.some((id) => id < 6554), high: seen.some((id) => id > 58_981), fewKept: kept <= 5 };
      },
      { low: true, high: true, fewKept: true },
    ),
  ),
];

function six(source: string, sourcePort: number, protocol = UDP): Flow {
  return { protocol, source, sourcePort, remote: REMOTE_6, remotePort: 443 };
}

const ipv6: readonly ConformanceCase[] = [
  ruleCase(
    'IPv6: masquerade without flags keeps a port while it is free',
    { random: 'none' },
    (node) => {
      const first = portOf(node, six('fd00::1', 5000));
      const second = portOf(node, six('fd00::2', 5000));
      return { first, secondMoved: second !== 5000 && second >= 1024 };
    },
    { first: 5000, secondMoved: true },
  ),
  ...[UDP, TCP].map((protocol): ConformanceCase => {
    const range = { first: 40_000, last: 40_255 };
    return {
      name: `IPv6, protocol ${protocol}: random-fully fills 256 ports, then drops, the candidates counted as for IPv4`,
      needs: 'rules',
      run: (make) =>
        withNode(make({ range, random: 'random-fully' }), (node) => {
          let opened = 0;
          for (let id = 0; opened < 256 && id < 256 * TRIES_PER_PORT; id += 1)
            if (node.open(six('fd00::1', 1024 + id, protocol))) opened += 1;
          const before = node.found;
          const refused = !node.open(six('fd00::2', 1024, protocol));
          const held = node.held({ protocol, remote: REMOTE_6, remotePort: 443 });
          return { held: held.count(range), all: held.count(), refused, found: node.found - before };
        }),
      expected: (answering) => ({
        held: 256,
        all: 256,
        refused: true,
        found: candidatesOf(256, protocol === TCP, answering),
      }),
    };
  }),
];

function isInside(port: number): boolean {
  return port >= RANGE.first && port <= RANGE.last;
}

export const FLAG_CASES: readonly ConformanceCase[] = [
  ...keeping,
  ...reuse,
  ...classes,
  ...addresses,
  ...parts,
  ...hosts,
  ...echoes,
  ...ipv6,
];
