// The examples: what each shows, and the outcome it must have. The figures are those of the file's own seed.
import type { SimDestinationTotals, SimReport } from '../../src/sim/sim-report.ts';

export interface ExampleOutcome {
  /** In examples/, without `.yaml`. */
  readonly name: string;
  /** Completes "shows". */
  readonly shows: string;
  /** What must be so, each with its name. */
  readonly holds: readonly (readonly [string, (report: SimReport) => boolean])[];
}

const share = (part: number, all: number): number => part / Math.max(1, all);

function totals(report: SimReport, name: string): SimDestinationTotals {
  const found = report.destinations.find(({ destination }) => destination === name);
  if (found === undefined) throw new RangeError(`no destination ${name}`);
  return found;
}

/** Packets dropped in all series after a moment. */
function dropsAfter({ series, seconds }: SimReport, moment: number): number {
  return series
    .flatMap(({ drops }) => drops.filter((_, index) => (seconds[index] ?? 0) > moment))
    .reduce((sum, count) => sum + count, 0);
}

function firstDrop({ series, seconds }: SimReport): number {
  const first = series.map(({ drops }) => seconds[drops.findIndex((count) => count > 0)] ?? Number.POSITIVE_INFINITY);
  return Math.min(...first);
}

const NOTHING_LOST = [
  'nothing is lost, nothing comes late',
  ({ destinations }: SimReport): boolean =>
    destinations.every(({ attempts, atOnce }) => attempts > 0 && attempts - atOnce < 100),
] as const;

/** In the order of a story: the two causes, the remedies, then other ways into the same trouble. */
export const EXAMPLES: readonly ExampleOutcome[] = [
  {
    name: 'k1-open-at-once',
    shows: 'cause K1: over 30,000 connections open at once from one node to one destination',
    holds: [
      ['connects fail', (report) => totals(report, 'gateway').failed > 1000],
      ['the first is lost before the last port is taken', (report) => firstDrop(report) < 327],
      ['and not before 25,000 are open', (report) => firstDrop(report) > 250],
    ],
  },
  {
    name: 'k1-two-destinations',
    shows: 'the same number of connections to two destinations: the limit is per destination, not per node',
    holds: [NOTHING_LOST],
  },
  {
    name: 'k2-old-kernel',
    shows: 'cause K2: 30,000 short connections within minutes, on Linux 6.1',
    holds: [
      ['connects fail', (report) => share(totals(report, 'api').failed, totals(report, 'api').attempts) > 0.01],
      [
        'more come late',
        (report) => totals(report, 'api').lateBySecond.reduce((sum, count) => sum + count, 0) > 10_000,
      ],
      [
        'it begins when the ports of two minutes are used up',
        (report) => firstDrop(report) > 80 && firstDrop(report) <= 120,
      ],
    ],
  },
  {
    name: 'k2-new-kernel',
    shows: 'the same connections on Linux 6.12, which takes closing ports over: nothing is lost',
    holds: [NOTHING_LOST, ['closing ports are taken over', (report) => totals(report, 'api').evictions > 10_000]],
  },
  {
    name: 'remedy-spread',
    shows: 'the preferred remedy: a second node, and pods on both',
    holds: [
      ['there is trouble before', (report) => totals(report, 'api').failed > 1000],
      ['and none from half a minute after', (report) => dropsAfter(report, 330) === 0],
    ],
  },
  {
    name: 'remedy-range-30000',
    shows: 'the half-way remedy: natPortRange 30000:65535 still loses',
    holds: [['connects still fail', (report) => totals(report, 'api').failed > 1000]],
  },
  {
    name: 'remedy-range-4790',
    shows: 'the whole remedy: natPortRange 4790:65535',
    holds: [
      ['there is trouble before', (report) => totals(report, 'api').failed > 1000],
      ['and none from half a minute after', (report) => dropsAfter(report, 330) === 0],
    ],
  },
  {
    name: 'udp-dns',
    shows: 'UDP: names looked up outside the cluster hold ports as well, on any kernel',
    holds: [
      [
        'about 1 in 10 is lost',
        (report) => Math.abs(share(totals(report, 'dns').failed, totals(report, 'dns').attempts) - 0.1) < 0.02,
      ],
      ['a datagram is sent once', (report) => totals(report, 'dns').drops === totals(report, 'dns').failed],
    ],
  },
  {
    name: 'deploy-storm',
    shows: 'a deploy that replaces 20,000 open connections within half a minute',
    holds: [
      ['connects fail', (report) => totals(report, 'broker').failed > 1000],
      [
        'only while the old ones keep their ports',
        (report) => firstDrop(report) > 360 && dropsAfter(report, 510) === 0,
      ],
    ],
  },
  {
    name: 'blackhole',
    shows: 'a destination that never answers: it uses up its own ports and nobody else notices',
    holds: [
      ['its packets are dropped', (report) => totals(report, 'metrics').drops > 10_000],
      ['none of its connects gets through', (report) => totals(report, 'metrics').atOnce === 0],
      [
        'the other destination loses nothing',
        (report) => totals(report, 'api').drops === 0 && totals(report, 'api').failed === 0,
      ],
    ],
  },
];
