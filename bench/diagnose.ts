// How long diagnose() takes on a large node, and dropProbability() on one port space; medians of 9 runs after 3 to warm up.
import { performance } from 'node:perf_hooks';
import type { Benchmark, Measure } from './benchmark.ts';
import { dropProbability } from '../src/core/alloc/drop-probability.ts';
import { seededRandom } from '../src/core/alloc/seeded-random.ts';
import { diagnose } from '../src/core/analysis/diagnose.ts';
import { ASSURED, SEEN_REPLY, SRC_NAT } from '../src/core/model/flow-status.ts';
import { FlowTable, allocateFlowTable } from '../src/core/model/flow-table.ts';
import { unknownBehaviour } from '../src/core/model/kernel-behaviour.ts';
import { NODE_FACTS_SCHEMA, type NodeFacts } from '../src/core/model/node-facts.ts';
import { PortSet } from '../src/core/model/port-set.ts';
import { TCP } from '../src/core/model/protocol.ts';
import { ESTABLISHED, TIME_WAIT } from '../src/core/model/tcp-state.ts';

const FLOWS = 700_000;
const SPACES = 100_000;
const BUSY = 20;
const PODS = 110;
const RANGE = { first: 32_768, last: 65_535 };
const BEHAVIOUR = { ...unknownBehaviour('6.18'), evictsClosing: 'yes', search: 'windows' } as const;

/** 20 busy port spaces with some 28,000 flows each; the rest of the flows thinly over 100,000 others. */
function largeTable(): FlowTable {
  const random = seededRandom(1);
  const data = allocateFlowTable(FLOWS, SPACES, SPACES + PODS + 1);
  for (let row = 0; row < data.addressCount; row += 1) {
    data.addresses.set(
      [0xff, 0xff, 10 + (row >>> 24), (row >>> 16) & 255, (row >>> 8) & 255, row & 255],
      row * 16 + 10,
    );
  }
  for (let space = 0; space < SPACES; space += 1) {
    data.portSpaces.protocol[space] = TCP;
    data.portSpaces.snatAddress[space] = SPACES + PODS;
    data.portSpaces.remoteAddress[space] = space;
    data.portSpaces.remotePort[space] = 443;
  }
  for (let row = 0; row < FLOWS; row += 1) {
    const busy = random() < 0.8;
    const space = busy ? Math.floor(random() * BUSY) : Math.floor(random() * SPACES);
    const closing = random() < 0.5;
    data.flows.portSpace[row] = space;
    data.flows.source[row] = SPACES + Math.floor(random() * PODS);
    data.flows.timeoutSeconds[row] = closing ? Math.floor(random() * 120) : 431_000;
    data.flows.id[row] = row;
    data.flows.port[row] = RANGE.first + Math.floor(random() * 32_768);
    data.flows.tcpState[row] = closing ? TIME_WAIT : ESTABLISHED;
    data.flows.status[row] = SRC_NAT | SEEN_REPLY | ASSURED;
    data.portSpaces.flows[space] = (data.portSpaces.flows[space] ?? 0) + 1;
  }
  return new FlowTable(data);
}

function largeNode(): NodeFacts {
  const rule = {
    backend: 'nftables',
    family: 'ip',
    table: 'calico',
    path: ['nat-cali-nat-outgoing'],
    priority: 110,
    order: 0,
    match: { other: [] },
    action: { kind: 'masquerade', range: RANGE, random: 'random-fully' },
    owner: 'calico',
    scope: 'egress',
  } as const;
  return {
    schema: NODE_FACTS_SCHEMA,
    node: 'bench',
    addresses: [],
    at: '2026-11-22T00:00:00Z',
    behaviour: BEHAVIOUR,
    flows: largeTable(),
    flowsSource: 'ctnetlink',
    natRules: {
      sourceNat: [rule],
      dnatPorts: [{ protocol: TCP, ports: { first: 33_000, last: 33_100 }, owner: 'kube-proxy', where: 'nat' }],
      untrackedPorts: [],
    },
    claims: [],
    counters: undefined,
    arrivals: undefined,
    table: undefined,
    settings: {},
    gaps: [],
  };
}

function medianMilliseconds(run: () => void): number {
  const times = Array.from({ length: 12 }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return times.slice(3).toSorted((left, right) => left - right)[4] ?? 0;
}

function fullSpace(): { occupied: PortSet; evictable: PortSet } {
  const [occupied, evictable, random] = [new PortSet(), new PortSet(), seededRandom(2)];
  for (let port = 1024; port <= 65_535; port += 1) {
    if (random() < 0.999) occupied.add(port);
    if (occupied.has(port) && random() < 0.5) evictable.add(port);
  }
  return { occupied, evictable };
}

/** The search that costs most: the widest range, hardly a port free. */
function dropTimes(): readonly Measure[] {
  const space = { ...fullSpace(), range: { first: 1024, last: 65_535 }, protocol: TCP };
  return (['no', 'yes'] as const).map((evictsClosing) => ({
    what: `drop probability of 64,512 ports, ${evictsClosing === 'yes' ? 'evicting' : 'windows'}`,
    value: medianMilliseconds(() => dropProbability({ ...space, behaviour: { ...BEHAVIOUR, evictsClosing } })),
    unit: 'ms',
    goal: { atMost: 2 },
  }));
}

export const diagnoseBenchmark: Benchmark = {
  name: 'diagnose',
  async *run() {
    const node = largeNode();
    const start = performance.now();
    diagnose(node);
    const cold = performance.now() - start;
    const warm = medianMilliseconds(() => diagnose(node));
    const what = `diagnose ${FLOWS} flows in ${SPACES} port spaces`;
    yield {
      title: 'Analysis',
      measures: [
        ...dropTimes(),
        { what: `${what}, first call`, value: cold, unit: 'ms' },
        { what: `${what}, warm`, value: warm, unit: 'ms' },
      ],
    };
  },
};
