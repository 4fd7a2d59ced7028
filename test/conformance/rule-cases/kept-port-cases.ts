// What the flags of a rule make of a flow's own port: kept, shared with the pod port's other flows, or searched anew.
import { candidatesOf, type ConformanceCase } from '../conformance-case.ts';
import { RANGE, RANDOMS, POD_A, POD_B, REMOTES, udp, portOf, ruleCase, isInside } from './rule-case.ts';

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

export const KEPT_PORT_CASES: readonly ConformanceCase[] = [...keeping, ...reuse];
