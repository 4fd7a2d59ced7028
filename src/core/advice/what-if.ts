// The situation with something changed that a person asked about, beside today.
import { formatNumber } from '../model/number-text.ts';
import { oneInN } from '../model/one-in-n.ts';
import { formatRange } from '../model/port-range.ts';
import { spreadOver, withLoad, withPorts, withRange } from './changed-situation.ts';
import { effectOf, reachesGoal } from './effect.ts';
import { formatGain } from './load-text.ts';
import { hurtChance, openedConflicts } from './opened-conflicts.ts';
import type { Goal, WhatIf, WhatIfRequest } from './plan.ts';
import type { Question } from './remedy-draft.ts';
import { liveShareOf } from './situation-of-figures.ts';
import type { Situation } from './situation.ts';

/** Measures one what-if; everything in it at once. */
export function whatIf(request: WhatIfRequest, { situation, goal, today }: Question): WhatIf {
  const changed = changedBy(request, situation);
  const effect = effectOf(changed, goal);
  return {
    title: request.title,
    effect,
    notes: [
      reachesGoal(effect, goal) ? 'Reaches the goal.' : `Does not reach the goal (${formatGoal(goal)}).`,
      ...(request.natPortRange === undefined ? [] : rangeNotes(request, situation)),
      ...(request.natPortRange === undefined || request.behaviour !== undefined
        ? []
        : [`A node bears ${formatGain(effect, today)} to one destination.`]),
      ...unusable(request, situation),
    ],
  };
}

function formatGoal({ targetDrop, loadFactor }: Goal): string {
  return `${oneInN(targetDrop)} at ${formatNumber(loadFactor)} times today's load`;
}

function changedBy(request: WhatIfRequest, situation: Situation): Situation {
  const { natPortRange, addresses, behaviour } = request;
  const ranged = natPortRange === undefined ? situation : withRange(situation, natPortRange);
  const ported = withPorts(ranged, {
    ...(addresses === undefined ? {} : { snatAddresses: addresses }),
    ...(behaviour === undefined ? {} : { behaviour }),
  });
  return placedBy(request, loadedBy(request, ported));
}

function loadedBy({ perSecond, holdSeconds }: WhatIfRequest, situation: Situation): Situation {
  const { load, timeWaitSeconds } = situation;
  const rate = perSecond ?? load.perSecond;
  const hold = holdSeconds ?? load.holdSeconds;
  if ((perSecond === undefined && holdSeconds === undefined) || rate === undefined || hold === undefined)
    return situation;
  const live =
    holdSeconds === undefined
      ? {}
      : { liveShare: liveShareOf({ protocol: load.protocol, holdSeconds, timeWaitSeconds }) };
  return withLoad(situation, { perSecond: rate, holdSeconds: hold, flows: rate * hold, ...live });
}

/** Other nodes or pods: laid out evenly. */
function placedBy({ nodes, pods }: WhatIfRequest, situation: Situation): Situation {
  const { placement } = situation;
  if (nodes === undefined && pods === undefined) return situation;
  return spreadOver(situation, { nodes: nodes ?? placement.nodes, pods: pods ?? placement.pods, surge: 0 });
}

function rangeNotes({ natPortRange }: WhatIfRequest, { ports }: Situation): readonly string[] {
  if (natPortRange === undefined) return [];
  const conflicts = openedConflicts(ports, natPortRange);
  const chance = hurtChance(conflicts);
  const hurting = conflicts
    .filter(({ hurts }) => hurts)
    .map(({ claim }) => `${formatRange(claim.ports)} (${claim.owner})`);
  return chance === 0 ? [] : [`${oneInN(chance)} flows of one protocol get a port that hurts: ${hurting.join(', ')}.`];
}

function unusable({ perSecond, holdSeconds }: WhatIfRequest, { load }: Situation): readonly string[] {
  if (perSecond !== undefined && holdSeconds === undefined && load.holdSeconds === undefined)
    return ['The rate changes nothing here: how long a flow holds its port is not known.'];
  if (holdSeconds !== undefined && perSecond === undefined && load.perSecond === undefined)
    return ['The hold time changes nothing here: the rate is not known.'];
  return [];
}
