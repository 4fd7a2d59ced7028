// What a new flow may take over, condition by condition (nf_nat_used_tuple_harder in net/netfilter/nf_nat_core.c).
import { TCP, UDP } from '../../src/core/model/protocol.ts';
import { isClosing, TIME_WAIT, tcpStateName } from '../../src/core/model/tcp-state.ts';
import { type ConformanceCase, withNode } from './conformance-case.ts';
import { flowTo, portsOf, UDP_SPACE } from './many-flows.ts';
import type { NatNode } from './nat-node.ts';

const FOUR_PORTS = { first: 40_000, last: 40_003 };
const RULE = { range: FOUR_PORTS, random: 'random-fully' } as const;
const TCP_SPACE = { ...UDP_SPACE, protocol: TCP };

/** A SYN is ahead of a given entry's end with a chance of 1/2: fewer than 4 of 60 are in 3 of 10^14 runs. */
const TRIES = 60;

const STATES = [1, 2, 3, 4, 5, 6, 7, 8, 9];

const byState = STATES.flatMap((state) =>
  [false, true].map((fixed): ConformanceCase => {
    const kind = `${tcpStateName(state)}${fixed ? ' entries of fixed timeout' : ' entries'}`;
    return {
      name: `SYNs and four ${kind} in four ports`,
      run: (make) =>
        withNode(make(RULE), (node) => {
          node.occupy({ ...TCP_SPACE, ports: portsOf(FOUR_PORTS), tcpStates: [state], fixed });
          return { opened: countOpened(node, TCP), held: node.held(TCP_SPACE).count() };
        }),
      expected: ({ behaviour }) => ({
        opened: behaviour.evictsClosing === 'yes' && isClosing(state) && !fixed ? 4 : 0,
        held: 4,
      }),
    };
  }),
);

const datagrams: ConformanceCase = {
  name: 'datagrams and four UDP entries in four ports',
  run: (make) =>
    withNode(make(RULE), (node) => {
      node.occupy({ ...UDP_SPACE, ports: portsOf(FOUR_PORTS) });
      return { opened: countOpened(node, UDP), held: node.held(UDP_SPACE).count() };
    }),
  expected: () => ({ opened: 0, held: 4 }),
};

/** Entries made by hand end at 0; (s32)(sequence - 0) > 0 is what "ahead" means. */
const SEQUENCES = [
  { sequence: 1, ahead: true },
  { sequence: 0x4000_0000, ahead: true },
  { sequence: 0x7fff_fffe, ahead: true },
  { sequence: 0x8000_0001, ahead: false },
  { sequence: 0xc000_0000, ahead: false },
  { sequence: 0xffff_fff0, ahead: false },
];

const bySequence = SEQUENCES.map(
  ({ sequence, ahead }): ConformanceCase => ({
    name: `a SYN ${ahead ? 'ahead of' : 'behind'} the end of four TIME_WAIT entries: sequence number ${sequence}`,
    needs: 'sequences',
    run: (make) =>
      withNode(make(RULE), (node) => {
        node.occupy({ ...TCP_SPACE, ports: portsOf(FOUR_PORTS), tcpStates: [TIME_WAIT] });
        return { opened: [0, 1, 2, 3, 4].map((id) => node.open({ ...flowTo(TCP_SPACE, id), sequence })) };
      }),
    expected: ({ behaviour }) => {
      const taken = ahead && behaviour.evictsClosing === 'yes';
      return { opened: [taken, taken, taken, taken, false] };
    },
  }),
);

const inbound: ConformanceCase = {
  name: 'an entry opened from outside holds the port and is never taken over',
  needs: 'rules',
  run: (make) =>
    withNode(make({ range: { first: 40_000, last: 40_000 }, random: 'random-fully' }), (node) => {
      const { remote, remotePort } = TCP_SPACE;
      const visit = { protocol: TCP, source: remote, sourcePort: remotePort, remote: '192.0.2.10', remotePort: 40_000 };
      const arrived = node.open(visit);
      node.age(visit, TIME_WAIT);
      return { arrived, opened: countOpened(node, TCP), held: node.held(TCP_SPACE).count() };
    }),
  expected: () => ({ arrived: true, opened: 0, held: 1 }),
};

function countOpened(node: NatNode, protocol: number): number {
  let opened = 0;
  for (let id = 0; id < TRIES; id += 1) if (node.open(flowTo({ ...UDP_SPACE, protocol }, id))) opened += 1;
  return opened;
}

export const EVICTION_CASES: readonly ConformanceCase[] = [...byState, datagrams, ...bySequence, inbound];
