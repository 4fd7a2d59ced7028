// One row of the answer: what was measured in a port space and what the checks make of it; and which rows are worth showing.
import type { SpaceContext } from './check-context.ts';
import type { PortSpaceVerdict } from './diagnosis.ts';
import { judgeSpace } from './judge.ts';
import { gravity, worstOf } from './severity.ts';
import { ROW_SHARE } from './thresholds.ts';

/** Everything measured about one port space, with its findings. */
export function verdictOf(context: SpaceContext): PortSpaceVerdict {
  const { space, effective, use, pressure, churn, forecast, sources, losses } = context;
  const findings = judgeSpace(context);
  return {
    portSpace: space,
    effective,
    usedPorts: use.used,
    livePorts: pressure.livePorts,
    evictablePorts: pressure.evictablePorts,
    closingPorts: use.closing,
    capacityPorts: pressure.capacity,
    dropProbability: pressure.drop,
    dropProbabilityWithoutEviction: pressure.dropWithoutEviction,
    states: use.states,
    sources,
    ...(churn.newPerSecond === undefined ? {} : { newPerSecond: churn.newPerSecond }),
    ...(losses === undefined ? {} : { losses }),
    ...(forecast.sustainablePerSecond === undefined ? {} : { sustainablePerSecond: forecast.sustainablePerSecond }),
    ...(churn.holdSeconds === undefined ? {} : { holdSeconds: churn.holdSeconds }),
    ...(churn.release === undefined ? {} : { release: churn.release }),
    ...(forecast.fullInSeconds === undefined ? {} : { fullInSeconds: forecast.fullInSeconds }),
    severity: worstOf(findings.map(({ severity }) => severity)),
    findings,
  };
}

/** Spaces in trouble and spaces with a real share of their range; the fullest one when there is neither. */
export function chooseRows(verdicts: readonly PortSpaceVerdict[]): readonly PortSpaceVerdict[] {
  const ordered = verdicts.toSorted(byUrgency);
  const rows = ordered.filter((verdict) => isTrouble(verdict) || shareOf(verdict) >= ROW_SHARE);
  return rows.length > 0 ? rows : ordered.slice(0, 1);
}

function byUrgency(left: PortSpaceVerdict, right: PortSpaceVerdict): number {
  return (
    gravity(left.severity) - gravity(right.severity) ||
    right.dropProbability - left.dropProbability ||
    shareOf(right) - shareOf(left)
  );
}

function isTrouble({ severity }: PortSpaceVerdict): boolean {
  return severity === 'critical' || severity === 'warning';
}

/** Used ports over all ports of the range, 0..1. */
export function shareOf({ usedPorts, capacityPorts }: PortSpaceVerdict): number {
  return usedPorts / capacityPorts;
}
