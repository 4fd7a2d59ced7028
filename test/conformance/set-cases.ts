// Who gets which ports: the range is kept, all of it is reached, and no port is given twice in a port space.
import { type PortRange, rangeSize } from '../../src/core/model/port-range.ts';
import { TCP, UDP } from '../../src/core/model/protocol.ts';
import type { ConformanceCase, Observation } from './conformance-case.ts';
import { withNode } from './conformance-case.ts';
import { flowTo, UDP_SPACE } from './many-flows.ts';
import { type NatNode, type NodeMaker, REMOTE } from './nat-node.ts';

/** Sizes on both sides of what the search treats differently: 1, 32 (evicting part), 128 (one scan), 248 (all windows). */
const RANGES: readonly PortRange[] = [
  { first: 40_000, last: 40_000 },
  { first: 40_000, last: 40_030 },
  { first: 40_000, last: 40_127 },
  { first: 40_000, last: 40_128 },
  { first: 65_036, last: 65_535 },
  { first: 1, last: 1000 },
];

const PROTOCOLS = [
  { name: 'UDP', protocol: UDP },
  { name: 'TCP', protocol: TCP },
] as const;

/** The last free one of 1,000 ports is met by about a quarter of the searches (248 candidates): 40,000 tries never miss it. */
const TRIES_PER_PORT = 40;

const filling = RANGES.flatMap((range) =>
  PROTOCOLS.map(
    ({ name, protocol }): ConformanceCase => ({
      name: `${name} fills ${range.first}-${range.last} to the last port, none twice, none outside, then refuses`,
      run: (make) => withNode(make({ range, random: 'random-fully' }), (node) => fillUp(node, { range, protocol })),
      expected: () => ({ opened: rangeSize(range), held: rangeSize(range), outside: 0, refused: true, lost: true }),
    }),
  ),
);

function fillUp(
  node: NatNode,
  { range, protocol }: { readonly range: PortRange; readonly protocol: number },
): Observation {
  const space = { ...UDP_SPACE, protocol };
  const size = rangeSize(range);
  let opened = 0;
  let tries = 0;
  for (; opened < size && tries < size * TRIES_PER_PORT; tries += 1) if (node.open(flowTo(space, tries))) opened += 1;
  const lost = node.insertFailed === tries - opened;
  const refused = !node.open(flowTo(space, tries));
  const held = node.held(space);
  return { opened, held: held.count(range), outside: held.count() - held.count(range), refused, lost };
}

const sharing: ConformanceCase = {
  name: 'one port serves each remote address, remote port and protocol once',
  run: (make: NodeMaker) =>
    withNode(make({ range: { first: 40_000, last: 40_000 }, random: 'random-fully' }), (node) => {
      const spaces = [
        { protocol: UDP, remote: REMOTE, remotePort: 53 },
        { protocol: UDP, remote: REMOTE, remotePort: 54 },
        { protocol: UDP, remote: '203.0.113.11', remotePort: 53 },
        { protocol: TCP, remote: REMOTE, remotePort: 53 },
      ];
      return {
        first: spaces.map((space) => node.open(flowTo(space, 0))),
        second: spaces.map((space) => node.open(flowTo(space, 1))),
        ports: spaces.map((space) => node.translated(flowTo(space, 0))?.port ?? 0),
      };
    }),
  expected: () => ({
    first: [true, true, true, true],
    second: [false, false, false, false],
    ports: [40_000, 40_000, 40_000, 40_000],
  }),
};

const reusing: ConformanceCase = {
  name: 'a port is free again as soon as its entry is gone',
  run: (make: NodeMaker) =>
    withNode(make({ range: { first: 40_000, last: 40_000 }, random: 'random-fully' }), (node) => {
      const [first, second] = [flowTo(UDP_SPACE, 0), flowTo(UDP_SPACE, 1)];
      const before = [node.open(first), node.open(second)];
      node.close(first);
      return { before, after: node.open(second), port: node.translated(second)?.port ?? 0 };
    }),
  expected: () => ({ before: [true, false], after: true, port: 40_000 }),
};

export const SET_CASES: readonly ConformanceCase[] = [...filling, sharing, reusing];
