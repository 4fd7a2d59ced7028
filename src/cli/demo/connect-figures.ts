// What became of a burst of TCP connects, in the three words a user of the network knows.
import type { TcpConnectReport } from '../../lab/traffic/tcp-clients.ts';

/** A SYN that is retransmitted once arrives about a second late; nothing on one machine is that slow otherwise. */
const LATE_MILLISECONDS = 900;

export interface ConnectFigures {
  readonly tried: number;
  readonly atOnce: number;
  /** Opened after 0.9 s or more: at least one SYN was lost. */
  readonly late: number;
  /** Not opened when the client gave up. */
  readonly lost: number;
  readonly slowestMilliseconds: number;
}

/** Counts what real connects came to. */
export function connectFigures(report: TcpConnectReport): ConnectFigures {
  const late = report.latenciesMs.filter((latency) => latency >= LATE_MILLISECONDS).length;
  return {
    tried: report.tried,
    atOnce: report.opened - late,
    late,
    lost: report.tried - report.opened,
    slowestMilliseconds: Math.max(0, ...report.latenciesMs),
  };
}

/** `60 connects: 31 at once, 22 a second or more late, 7 lost (slowest 2.1 s)`. */
export function formatConnects(figures: ConnectFigures): string {
  const { tried, atOnce, late, lost } = figures;
  return `${tried} connects: ${atOnce} at once, ${late} late by a second or more, ${lost} lost (${slowestText(figures)})`;
}

function slowestText(figures: ConnectFigures): string {
  return figures.atOnce + figures.late === 0 ? 'none opened' : `slowest ${formatLatency(figures)}`;
}

/** The slowest connect that opened: `0.8 ms`, `2.1 s`. A simulated network has no delay of its own: `0 s`. */
export function formatLatency({ atOnce, late, slowestMilliseconds: slowest }: ConnectFigures): string {
  if (atOnce + late === 0) return '-';
  if (slowest === 0) return '0 s';
  return slowest >= 1000
    ? `${(slowest / 1000).toFixed(1)} s`
    : `${slowest < 10 ? slowest.toFixed(1) : Math.round(slowest)} ms`;
}
