// When a search gives up, and what it adds to `found`: the signature by which exhaustion is told from a race.
import { type PortRange, rangeSize } from '../../src/core/model/port-range.ts';
import { TCP, UDP } from '../../src/core/model/protocol.ts';
import { ESTABLISHED } from '../../src/core/model/tcp-state.ts';
import { candidatesOf, type ConformanceCase, withNode } from './conformance-case.ts';
import { flowTo, portsOf, UDP_SPACE } from './many-flows.ts';

/** On both sides of one complete scan (128) and of the part of a window that may evict (32). */
const SIZES = [1, 2, 16, 31, 32, 33, 64, 127, 128, 129, 200, 256, 1000, 32_768];

export const GIVING_UP_CASES: readonly ConformanceCase[] = SIZES.flatMap((size) =>
  [UDP, TCP].map((protocol): ConformanceCase => {
    const range: PortRange = { first: 65_536 - size, last: 65_535 };
    const space = { ...UDP_SPACE, protocol };
    return {
      name: `a ${protocol === TCP ? 'SYN' : 'datagram'} into ${size} ports that are all held is dropped, its candidates counted`,
      run: (make) =>
        withNode(make({ range, random: 'random-fully' }), (node) => {
          node.occupy({ ...space, ports: portsOf(range), tcpStates: [ESTABLISHED] });
          const held = node.held(space).count();
          const opened = [node.open(flowTo(space, 0)), node.open(flowTo(space, 1))];
          return { held, opened, found: node.found, insertFailed: node.insertFailed };
        }),
      expected: (answering) => ({
        held: rangeSize(range),
        opened: [false, false],
        found: 2 * candidatesOf(size, protocol === TCP, answering),
        insertFailed: 2,
      }),
    };
  }),
);
