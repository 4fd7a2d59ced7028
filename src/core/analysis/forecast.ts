// What comes next in one port space: when it is full at the present growth, and how many new flows a second it bears.
import type { Churn } from './churn.ts';
import type { Pressure } from './pressure.ts';

export interface Forecast {
  /** Live ports gained per second; undefined when arrivals are not known. */
  readonly growthPerSecond?: number;
  /** Seconds until every port is live; undefined when the space does not grow. */
  readonly fullInSeconds?: number;
  /** Seconds until more flows are held than lose at most 1 in 1,000; undefined when the space does not grow or is past it. */
  readonly limitInSeconds?: number;
  /** Flows held at once that lose at most 1 in 1,000. */
  readonly sustainableFlows: number;
  /** The same as new flows per second, at the present hold time. */
  readonly sustainablePerSecond?: number;
}

/** The loss a person can live with: 1 connection in 1,000 is a retransmission late. */
export const ACCEPTABLE_DROP = 1e-3;

/** Looks ahead for one charted port space. */
export function forecast(subject: {
  readonly pressure: Pressure;
  readonly churn: Churn;
  /** sustainableFlows of the range at ACCEPTABLE_DROP. */
  readonly fits: number;
}): Forecast {
  const { pressure, churn, fits } = subject;
  const perSecond =
    churn.holdSeconds === undefined ? {} : { sustainablePerSecond: fits / Math.max(churn.holdSeconds, 0.001) };
  if (churn.newPerSecond === undefined) return { sustainableFlows: fits, ...perSecond };
  const growthPerSecond = churn.newPerSecond - churn.leavingPerSecond;
  if (
    isFull(pressure) ||
    isRecycling(pressure) ||
    !grows(growthPerSecond, churn.newPerSecond) ||
    levelsOff(churn, fits)
  )
    return { sustainableFlows: fits, growthPerSecond, ...perSecond };
  return {
    sustainableFlows: fits,
    growthPerSecond,
    fullInSeconds: (pressure.capacity - pressure.livePorts) / growthPerSecond,
    ...(fits > pressure.livePorts ? { limitInSeconds: (fits - pressure.livePorts) / growthPerSecond } : {}),
    ...perSecond,
  };
}

/** Nothing is left to forecast: what gets through takes a port that just came back. */
function isFull({ livePorts, capacity }: Pressure): boolean {
  return livePorts >= capacity;
}

/** Where new flows mostly take closing entries over, those leave before their timeout and departures cannot be counted. */
function isRecycling({ evicts, takeover, evictablePorts, livePorts }: Pressure): boolean {
  return evicts === 'yes' && (takeover >= 0.5 || evictablePorts > livePorts);
}

/** Ports that come back by themselves: occupancy ends at arrivals times hold time, and that fits. */
function levelsOff({ newPerSecond = 0, holdSeconds }: Churn, fits: number): boolean {
  return holdSeconds !== undefined && newPerSecond * holdSeconds <= fits;
}

/** A difference of two estimates: below a tenth of the arrivals it is noise. */
function grows(growthPerSecond: number, newPerSecond: number): boolean {
  return growthPerSecond >= 0.5 && growthPerSecond > newPerSecond / 10;
}
