// Echo requests, whose identifier is their port, and IPv6.
import { ICMP, TCP, UDP } from '../../../src/core/model/protocol.ts';
import { candidatesOf, type ConformanceCase, withNode } from '../conformance-case.ts';
import { type Flow, REMOTE, REMOTE_6 } from '../nat-node.ts';
import { RANGE, POD_A, POD_B, portOf, ruleCase, since5, TRIES_PER_PORT } from './rule-case.ts';

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

export const PROTOCOL_CASES: readonly ConformanceCase[] = [...echoes, ...ipv6];
