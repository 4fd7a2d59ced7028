// The situation with something changed that a person asked about, beside today.
import { formatNumber } from '../model/number-text.ts';
import { oneInN } from '../model/one-in-n.ts';
import { formatRange } from '../model/port-range.ts';
import { spreadOver, withLoad, withPorts, withRange } from './changed-situation.ts';
import { bearsAnyLoad, effectOf, reachesGoal } from './effect.ts';
import { formatGain } from './load-text.ts';
import { hurtChance, openedConflicts } from './opened-conflicts.ts';
import type { Goal, WhatIf, WhatIfRequest } from './plan.ts';
import type { Question } from './remedy-draft.ts';
import { hasNatPortRange } from './ruled-protocols.ts';
import { liveShareOf } from './situation-of-figures.ts';
import type { Load, Situation } from './situation.ts';

/** Measures one what-if; everything in it at once. */
export function whatIf(request: WhatIfRequest, { situation, goal, today }: Question): WhatIf {
  const changed = changedBy(request, situation);
  const effect = effectOf(changed, goal);
  const isRanged = request.natPortRange !== undefined && hasNatPortRange(situation.load.protocol);
  return {
    title: request.title,
    effect,
    notes: [
      reachesGoal(effect, goal) ? 'Reaches the goal.' : `Does not reach the goal (${formatGoal(goal)}).`,
      ...(isRanged ? rangeNotes(request, situation) : []),
      ...(!isRanged || request.behaviour !== undefined || bearsAnyLoad(effect)
        ? []
        : [`A node bears ${formatGain(effect, today)} to one destination.`]),
      ...unusable(request, situation),
    ],
  };
}

function formatGoal({ targetDrop, loadFactor }: Goal): string {
  return `${oneInN(targetDrop)} at ${loadFactor === 1 ? '' : `${formatNumber(loadFactor)} times `}today's load`;
}

function changedBy(request: WhatIfRequest, situation: Situation): Situation {
  const { natPortRange, addresses, behaviour } = request;
  const isRanged = natPortRange !== undefined && hasNatPortRange(situation.load.protocol);
  const ranged = !isRanged ? situation : withRange(situation, natPortRange);
  const ported = withPorts(ranged, {
    ...(addresses === undefined ? {} : { snatAddresses: addresses }),
    ...(behaviour === undefined ? {} : { behaviour }),
  });
  return placedBy(request, loadedBy(request, ported));
}

function loadedBy(request: WhatIfRequest, situation: Situation): Situation {
  const { load } = situation;
  const rate = request.perSecond ?? load.perSecond;
  const held = heldBy(request, situation);
  const isAsked = [request.perSecond, request.holdSeconds, request.liveSeconds].some((value) => value !== undefined);
  if (!isAsked || rate === undefined || held === undefined) return situation;
  return withLoad(situation, { perSecond: rate, flows: rate * held.holdSeconds, ...held });
}

function heldBy(
  { holdSeconds, liveSeconds }: WhatIfRequest,
  { load, timeWaitSeconds }: Situation,
): (Pick<Load, 'liveShare'> & { readonly holdSeconds: number }) | undefined {
  const closing = (load.holdSeconds ?? Number.NaN) * (1 - load.liveShare);
  const hold = holdSeconds ?? (liveSeconds === undefined ? load.holdSeconds : liveSeconds + closing);
  if (hold === undefined || Number.isNaN(hold)) return undefined;
  if (liveSeconds !== undefined)
    return { holdSeconds: hold, liveShare: Math.min(1, liveSeconds / Math.max(hold, 1e-9)) };
  if (holdSeconds === undefined) return { holdSeconds: hold, liveShare: load.liveShare };
  return { holdSeconds: hold, liveShare: liveShareOf({ protocol: load.protocol, holdSeconds, timeWaitSeconds }) };
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

function unusable(request: WhatIfRequest, { load }: Situation): readonly string[] {
  const { natPortRange, perSecond, holdSeconds, liveSeconds } = request;
  if (natPortRange !== undefined && !hasNatPortRange(load.protocol))
    return ['natPortRange changes nothing here: it is for TCP and UDP only.'];
  if (perSecond !== undefined && holdSeconds === undefined && load.holdSeconds === undefined)
    return ['The rate changes nothing here: how long a flow holds its port is not known.'];
  if (holdSeconds !== undefined && perSecond === undefined && load.perSecond === undefined)
    return ['The hold time changes nothing here: the rate is not known.'];
  if (liveSeconds !== undefined && (load.perSecond === undefined || load.holdSeconds === undefined))
    return ['How long connections are open changes nothing here: rate and hold time are not known.'];
  return [];
}
