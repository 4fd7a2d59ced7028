// nearing: nothing is lost yet, but a port space is close to it or gets there soon. Page: docs/checks/nearing.md
import type { SpaceContext } from '../check-context.ts';
import { gravestLoss } from '../attribute-losses.ts';
import { aboutSpace } from '../compose-finding.ts';
import { OCCUPANCY_GAPS } from '../confidence.ts';
import type { Finding } from '../finding.ts';
import { cautionForPorts, remedyForPorts } from '../remedy.ts';
import { howMeasured, occupancyNumbers, optional } from '../space-numbers.ts';
import { FORECAST_SECONDS, NEARING_DROP, NEARING_SHARE, ROW_SHARE, WARNING_DROP } from '../thresholds.ts';

/** Fires below 1 in 1,000 when live ports, the probability or the growth say that it will not stay there. */
export function checkNearing(context: SpaceContext): Finding | undefined {
  if (gravestLoss(context) >= WARNING_DROP) return undefined;
  const grown = growsPast(context);
  if (!isClose(context) && !grown) return undefined;
  return aboutSpace(context, {
    check: 'nearing',
    severity: 'warning',
    sentence: grown
      ? 'At the present growth new connections to this destination will soon be lost for want of a source port.'
      : 'Almost all source ports towards this destination are in use; a few more connections and new ones will be lost.',
    numbers: {
      ...occupancyNumbers(context),
      ...optional('fullInSeconds', {
        value: context.forecast.fullInSeconds,
        unit: 's',
        source: 'growth seen in the window',
      }),
    },
    because: [...howMeasured(context), growthSentence(context), ...cautionForPorts(context)],
    base: grown && !isClose(context) ? 'medium' : 'high',
    confidenceReason: 'growth was seen over a few seconds only, and may not go on',
    weights: { ...OCCUPANCY_GAPS, events: 'medium' },
    remedy: remedyForPorts(context),
  });
}

function isClose({ pressure }: SpaceContext): boolean {
  return pressure.drop >= NEARING_DROP || pressure.livePorts >= NEARING_SHARE * pressure.capacity;
}

function growsPast({ pressure, forecast }: SpaceContext): boolean {
  const soon = forecast.limitInSeconds !== undefined && forecast.limitInSeconds <= FORECAST_SECONDS;
  return soon && pressure.livePorts >= ROW_SHARE * pressure.capacity;
}

function growthSentence({ forecast, churn }: SpaceContext): string {
  if (forecast.growthPerSecond === undefined) return 'No event was read, so growth is not known.';
  return `${Math.round(churn.newPerSecond ?? 0)} new flows/s and ${Math.round(churn.leavingPerSecond)} ports becoming free/s were seen.`;
}
