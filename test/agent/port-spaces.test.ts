// Port spaces without end: what the agent keeps and says of them stays bounded, and its sums stay right.
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/core/alloc/seeded-random.ts';
import { FlowLedger } from '../../src/core/ledger/flow-ledger.ts';
import { arrivalsOf, flowTableOf } from '../../src/core/ledger/ledger-table.ts';
import { exposition } from '../../src/protocol/metrics/exposition.ts';
import { SpacedFlows, reportOf } from './many-spaces.ts';

const MILLION = 1_000_000;
const LISTED = 20;
/** Port spaces that nobody is in and that are remembered for what happened in them. */
const MOST_IDLE = 65_536;
const NO_HISTORY = { historyLimit: 0 };
const PROCESS = { cpuSeconds: 1, residentBytes: 1, startSeconds: 1 };

/** Port spaces `first` and on, a flow each, ten in every thousandth. */
function fill(ledger: FlowLedger, spaces: number): number {
  const flows = new SpacedFlows(ledger);
  let count = 0;
  for (let space = 0; space < spaces; space += 1)
    for (let port = 0; port < (space % 1000 === 0 ? 10 : 1); port += 1) {
      flows.begin({ space, port: 40_000 + port });
      count += 1;
    }
  return count;
}

describe('a million port spaces', () => {
  it('are counted whole and listed in part, and take a bounded number of series and bytes', () => {
    const ledger = new FlowLedger({ flowLimit: 2 * MILLION, historyLimit: 0 });
    const flows = fill(ledger, MILLION);
    const report = reportOf(ledger);
    expect(report.flows).toBe(flows);
    expect(report.census.portSpaces).toBe(MILLION);
    expect(report.spaces).toHaveLength(LISTED);
    expect(report.spaces.every(({ usedPorts }) => usedPorts === 10)).toBe(true);
    expect(report.otherSpaces).toEqual({ spaces: MILLION - LISTED, flows: flows - LISTED * 10 });
    const lines = exposition({ report, process: PROCESS, version: '0' }, 'prometheus').split('\n');
    expect(lines.filter((line) => line.startsWith('portolan_port_space_flows{'))).toHaveLength(LISTED + 1);
    expect(lines.length).toBeLessThan(1000);
    // Of a flow with an address and a port space of its own.
    expect(ledger.bytes / flows).toBeLessThan(250);
  });

  it('come and go without a resync, and the ledger stays as large as what is left', () => {
    const ledger = new FlowLedger(NO_HISTORY);
    const flows = new SpacedFlows(ledger);
    let most = 0;
    for (let space = 0; space < MILLION; space += 1) {
      flows.begin({ space, port: 40_000 });
      if (space >= 100) flows.end({ space: space - 100, port: 40_000 });
      if (space % 1000 === 0) ledger.clearAway();
      most = Math.max(most, ledger.spaces.count);
    }
    expect(ledger.flowCount).toBe(100);
    expect(ledger.counts.snatBegan).toBe(MILLION);
    expect(most).toBeLessThan(3 * MOST_IDLE);
    expect(ledger.bytes).toBeLessThan(40e6);
    const arrivals = arrivalsOf(ledger, { seconds: 1, began: MILLION, ended: MILLION - 100, lossy: false });
    expect(arrivals.total).toBe(MILLION);
    expect(arrivals.lossy).toBe(true);
    expect(arrivals.portSpaces.length).toBeLessThanOrEqual(MOST_IDLE);
  });

  it('are remembered by how much happened in them when most are cleared away', () => {
    const ledger = new FlowLedger(NO_HISTORY);
    const flows = new SpacedFlows(ledger);
    for (let round = 0; round < 5; round += 1) {
      flows.begin({ space: 7, port: 40_000 + round });
      flows.end({ space: 7, port: 40_000 + round });
    }
    for (let space = 1000; space < 1000 + 3 * MOST_IDLE; space += 1) {
      flows.begin({ space, port: 40_000 });
      flows.end({ space, port: 40_000 });
    }
    ledger.clearAway();
    expect(ledger.spaces.count).toBe(1);
    const { portSpaces, lossy } = arrivalsOf(ledger, { seconds: 1, began: 1, ended: 1, lossy: false });
    expect(portSpaces).toMatchObject([
      { remoteAddress: '20.0.0.7', count: 5, lowestPort: 40_000, highestPort: 40_004 },
    ]);
    expect(lossy).toBe(true);
  });

  it('take no more room when the ledger is full', () => {
    const ledger = new FlowLedger({ ...NO_HISTORY, flowLimit: 1000 });
    const flows = new SpacedFlows(ledger);
    for (let space = 0; space < MILLION; space += 1) {
      flows.begin({ space, port: 40_000 });
      if (space % 1000 === 0) ledger.clearAway();
    }
    expect(ledger.flowCount).toBe(1000);
    expect(ledger.counts.unlisted).toBe(MILLION - 1000);
    expect(ledger.bytes).toBeLessThan(40e6);
  });
});

describe('a report', () => {
  it('says of port spaces and sources what counting one by one says', () => {
    const ledger = new FlowLedger(NO_HISTORY);
    const flows = new SpacedFlows(ledger);
    const random = seededRandom(3);
    const ports = new Map<string, Set<number>>();
    const pods = new Map<string, number>();
    for (let index = 0; index < 5000; index += 1) {
      const space = Math.floor(random() ** 2 * 200);
      const [port, pod] = [30_000 + index, Math.floor(random() * 90)];
      flows.begin({ space, port, pod });
      // Rows that are free again lie among the others.
      if (index % 3 === 0) flows.end({ space, port, pod });
      else {
        const remote = `20.0.0.${space}`;
        ports.set(remote, (ports.get(remote) ?? new Set()).add(port));
        pods.set(`10.0.0.${pod}`, (pods.get(`10.0.0.${pod}`) ?? 0) + 1);
      }
    }
    const { spaces, census, otherSpaces } = reportOf(ledger);
    const fullest = [...ports].sort((left, right) => right[1].size - left[1].size);
    expect(spaces.map(({ flows: count }) => count)).toEqual(fullest.slice(0, LISTED).map(([, set]) => set.size));
    for (const { remoteAddress, flows: count, usedPorts } of spaces) {
      expect(count).toBe(ports.get(remoteAddress)?.size);
      expect(usedPorts).toBe(count);
    }
    const listed = spaces.reduce((sum, { flows: count }) => sum + count, 0);
    expect(otherSpaces).toEqual({ spaces: ports.size - LISTED, flows: flowTableOf(ledger).flowCount - listed });
    expect(census.sources).toHaveLength(50);
    const largest = [...pods.values()].sort((left, right) => right - left);
    expect(census.sources.map(({ flows: count }) => count)).toEqual(largest.slice(0, 50));
    for (const { address, flows: count } of census.sources) expect(count).toBe(pods.get(address));
    const rest = largest.slice(50).reduce((sum, count) => sum + count, 0);
    expect(census.otherSources).toEqual({ sources: pods.size - 50, flows: rest });
  });
});
