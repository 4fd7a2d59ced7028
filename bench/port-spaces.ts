// A million port spaces with a flow each: what the ledger takes, what a report and a diagnosis of them take, and what is exported.
import { diagnose } from '../src/core/analysis/diagnose.ts';
import { FlowLedger } from '../src/core/ledger/flow-ledger.ts';
import { arrivalsOf, flowTableOf } from '../src/core/ledger/ledger-table.ts';
import type { NodeFacts } from '../src/core/model/node-facts.ts';
import { exposition } from '../src/protocol/metrics/exposition.ts';
import { SpacedFlows, reportOf } from '../test/agent/many-spaces.ts';
import { type BenchOptions, type Benchmark, type Measure, type Report, median } from './benchmark.ts';
import { syntheticNode } from './synthetic-node.ts';

/** As often as the agent makes a report. */
const REPORT_SECONDS = 5;
/** Series that the bounds of docs/reference/metrics.md allow. */
const MOST_SERIES = 1000;

export const portSpacesBenchmark: Benchmark = {
  name: 'port-spaces',
  async *run({ quick }: BenchOptions): AsyncIterable<Report> {
    yield measure(quick ? 100_000 : 1_000_000, quick ? 3 : 7);
  },
};

function measure(spaces: number, rounds: number): Report {
  const before = process.memoryUsage().rss;
  const ledger = new FlowLedger();
  const flows = new SpacedFlows(ledger);
  for (let space = 0; space < spaces; space += 1) flows.begin({ space, port: 40_000 });
  const report = reportOf(ledger);
  const text = exposition(
    { report, process: { cpuSeconds: 0, residentBytes: 0, startSeconds: 0 }, version: '0' },
    'prometheus',
  );
  const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  const reports = cpuMilliseconds(rounds, () => reportOf(ledger));
  const looks = cpuMilliseconds(rounds, () => diagnose(factsOf(ledger)));
  const events = cpuMilliseconds(rounds, () => {
    for (let space = 0; space < spaces; space += 1) flows.end({ space, port: 40_000 });
    for (let space = 0; space < spaces; space += 1) flows.begin({ space, port: 40_000 });
  });
  return {
    title: `port-spaces: ${spaces} port spaces, a flow each`,
    measures: [
      { what: 'series exported', value: series, unit: '', goal: { atMost: MOST_SERIES } },
      {
        what: 'ledger, bytes a port space with its flow',
        value: ledger.bytes / spaces,
        unit: 'B',
        detail: `${(ledger.bytes / 2 ** 20).toFixed(0)} MB; the process grew by ${((process.memoryUsage().rss - before) / 2 ** 20).toFixed(0)} MB`,
      },
      reportMeasure(reports),
      { what: 'CPU of a diagnosis of them all', value: looks, unit: 'ms' },
      { what: 'CPU an event', value: (events * 1000) / (2 * spaces), unit: 'us' },
    ],
  };
}

function reportMeasure(milliseconds: number): Measure {
  const share = (milliseconds / REPORT_SECONDS / 10).toFixed(1);
  return {
    what: 'CPU of a report',
    value: milliseconds,
    unit: 'ms',
    detail: `${share} % of a CPU, ${REPORT_SECONDS} s apart`,
  };
}

/** A node like any other but for its flows. */
const NODE = syntheticNode({ flows: 100, spaces: 10, busy: 0 });

function factsOf(ledger: FlowLedger): NodeFacts {
  const { snatBegan, snatEnded } = ledger.counts;
  const arrivals = arrivalsOf(ledger, { seconds: 60, began: snatBegan, ended: snatEnded, lossy: false });
  return { ...NODE, flows: flowTableOf(ledger), arrivals };
}

/** User and system time, the median of some rounds. */
function cpuMilliseconds(rounds: number, work: () => void): number {
  const times = Array.from({ length: rounds }, () => {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  });
  return median(times);
}
