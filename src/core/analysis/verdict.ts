// One row of the answer: what was measured in a port space and what the checks make of it.
import type { SpaceContext } from './check-context.ts';
import type { HolderShares } from './attribute-holders.ts';
import type { Attribution, PortSpaceVerdict } from './diagnosis.ts';
import { judgeSpace } from './judge.ts';
import { gravity, worstOf } from './severity.ts';

/** Everything measured about one port space, with its findings. */
export function verdictOf(context: SpaceContext): PortSpaceVerdict {
  const { space, effective, use, pressure, churn, forecast, sources, holders, losses } = context;
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
    ...(holders === undefined ? {} : { holders: holders.shares, attribution: attributionOf(holders) }),
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

function attributionOf({ openedPorts, attributedPorts }: HolderShares): Attribution {
  return { openedPorts, attributedPorts };
}

/** Worst first, then the likeliest to lose, then fullest. */
export function orderVerdicts(verdicts: readonly PortSpaceVerdict[]): readonly PortSpaceVerdict[] {
  return verdicts.toSorted(byUrgency);
}

function byUrgency(left: PortSpaceVerdict, right: PortSpaceVerdict): number {
  return (
    gravity(left.severity) - gravity(right.severity) ||
    right.dropProbability - left.dropProbability ||
    shareOf(right) - shareOf(left)
  );
}

/** Used ports over all ports of the range, 0..1. */
export function shareOf({ usedPorts, capacityPorts }: PortSpaceVerdict): number {
  return usedPorts / capacityPorts;
}
