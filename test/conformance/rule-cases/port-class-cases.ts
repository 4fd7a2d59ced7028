// Rules without a range: the class of a flow's own port decides where it is searched.
import { UDP } from '../../../src/core/model/protocol.ts';
import type { ConformanceCase } from '../conformance-case.ts';
import { REMOTE } from '../nat-node.ts';
import { RANDOMS, POD_A, udp, portOf, ruleCase, since5, TRIES_PER_PORT } from './rule-case.ts';

const CLASSES = [
  { own: { first: 1, last: 511 }, range: { first: 1, last: 511 } },
  { own: { first: 512, last: 1023 }, range: { first: 600, last: 1023 } },
] as const;

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

export const PORT_CLASS_CASES: readonly ConformanceCase[] = classes;
