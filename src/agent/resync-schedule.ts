// When the next resync is due: as often as its cost allows, sooner when events were lost or flows may have ended unheard.

export interface ResyncNeed {
  /** CPU of the last one, with all that is read beside it and the diagnosis after it. By the clock a busy node would have fewer. */
  readonly lastCpuSeconds: number;
  /** Resyncs in a row during which events were lost; 0 after a whole one. */
  readonly lossesInARow: number;
  /** The ledger is what the kernel has, as far as events tell. */
  readonly isCurrent: boolean;
  /** Share of the flows that may have ended without anyone hearing it, 0..1. */
  readonly overdueShare: number;
  /** How much rarer resyncs are than they might be (detail.ts). */
  readonly stretch: number;
}

/** Resyncs, with what belongs to them, may take this share of one CPU. */
const COST_SHARE = 0.005;
const LEAST_SECONDS = 15;
const MOST_SECONDS = 300;
/** After a loss; doubles while losses go on. */
const REPAIR_SECONDS = 1;
const MOST_REPAIR_SECONDS = 30;
/** With so many flows in doubt a resync comes at a quarter of its time. */
const DOUBTFUL_SHARE = 0.01;

/** Seconds from the end of the last resync to the next. */
export function resyncAfterSeconds(need: ResyncNeed): number {
  const regular = Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, need.lastCpuSeconds / COST_SHARE) * need.stretch);
  if (!need.isCurrent) return Math.min(regular, MOST_REPAIR_SECONDS, REPAIR_SECONDS * 2 ** need.lossesInARow);
  return need.overdueShare > DOUBTFUL_SHARE ? Math.max(LEAST_SECONDS, regular / 4) : regular;
}
