// Where a measured figure becomes a verdict, each with its reason. Docs: docs/checks/<id>.md repeat these figures.
import type { Severity } from './finding.ts';

/** 1 in 100 new connections late by a retransmission or lost: every p99 shows it. */
export const CRITICAL_DROP = 1e-2;

/** 1 in 1,000: the most a service with a three-nines goal can give away, and where the curve turns steep (6 % more flows: ten times the loss). */
export const WARNING_DROP = 1e-3;

/** 1 in 100,000: nothing is lost yet, but 5 to 10 % more flows bring 1 in 1,000. */
export const NEARING_DROP = 1e-5;

/** The share of live ports at which a range without modulo bias first shows a loss worth a name (0.85: 8.5 in 10^6, fixed hold). */
export const NEARING_SHARE = 0.85;

/** Fewer losses than this in a window are a single clash, such as two DNS queries from one socket. */
export const FEWEST_LOSSES = 3;

/** A failed search meets 128 or 248 occupied candidates, a lost race about 12. */
export const RACE_PROBES = 60;

/** 1 in 100 new connections on a port that the remote may still hold in TIME_WAIT. */
export const RECYCLE_CHANCE = 1e-2;

/** A forecast further ahead than this is a guess: growth is measured over a few seconds. */
export const FORECAST_SECONDS = 600;

/** The fewest ports in use, as a share of the range, for a quiet port space to be worth a look: growth or a row. */
export const ROW_SHARE = 0.25;

/** Below this share no run of occupied ports, not even a solid block, brings the drop probability to 1 in 1,000. */
export const CHART_SHARE = 0.1;

/** How grave a drop probability is; undefined below 1 in 1,000. */
export function dropSeverity(drop: number): Extract<Severity, 'critical' | 'warning'> | undefined {
  if (drop >= CRITICAL_DROP) return 'critical';
  return drop >= WARNING_DROP ? 'warning' : undefined;
}
