// A plan as data, printed by -o json and saved by --out: a fixed key order, units in every name, null where a value is not
// known. src/cli/plan/parse-plan.ts reads it back. Changing a key's meaning or removing one makes a new schema id.
import type { Change, Effect, Plan, Remedy } from '../../core/advice/plan.ts';
import type { Situation, Workload } from '../../core/advice/situation.ts';
import { protocolName } from '../../core/model/protocol.ts';
import { claimDocument, rangeDocument } from '../rule-document.ts';

/** The plain object behind -o json, -o yaml and --out. */
export function planDocument(plan: Plan) {
  const { schema, at, goal, today, conclusion, goalReached, next } = plan;
  return {
    schema,
    at,
    goal: { dropProbability: goal.targetDrop, loadFactor: goal.loadFactor },
    situation: situationDocument(plan.situation),
    today: effectDocument(today),
    remedies: plan.remedies.map(remedyDocument),
    whatIfs: plan.whatIfs.map(({ title, effect, notes }) => ({ title, effect: effectDocument(effect), notes })),
    conclusion,
    goalReached,
    gaps: plan.gaps.map(({ id, what, why, weakens, remedy }) => ({ id, what, why, weakens, remedy: remedy ?? null })),
    cluster: plan.cluster ?? null,
    next,
  };
}

function situationDocument(situation: Situation) {
  const { subject, load, placement, ports, timeWaitSeconds, workload, measuredDrop, assumptions } = situation;
  return {
    subject,
    load: {
      protocol: protocolName(load.protocol),
      remoteAddress: load.remoteAddress,
      remotePort: load.remotePort,
      newFlowsPerSecond: load.perSecond ?? null,
      holdSeconds: load.holdSeconds ?? null,
      flows: load.flows,
      liveShareOfHold: load.liveShare,
      holdPattern: load.pattern,
      remoteClosesFirstShare: load.remoteClosesFirst ?? null,
    },
    placement: {
      nodes: placement.nodes,
      pods: placement.pods ?? null,
      hottestNodeShare: placement.hottestShare,
      maxNodes: placement.maxNodes ?? null,
      surgePods: placement.surgePods,
    },
    ports: {
      ranges: ports.ranges.map(rangeDocument),
      isKernelDefault: ports.isDefault,
      owner: ports.owner,
      snatAddresses: ports.snatAddresses,
      claims: ports.claims.map(claimDocument),
      search: ports.behaviour.search,
      evictsClosing: ports.behaviour.evictsClosing,
      vxlan: ports.vxlan ?? null,
      nodePortRange: rangeDocument(ports.nodePortRange),
      nodePortPlane: ports.nodePortPlane ?? null,
      podCidrs: ports.podCidrs ?? null,
      snatTo: ports.snatTo ?? null,
      spareAddresses: ports.spareAddresses ?? null,
    },
    timeWaitSeconds,
    workload: workload === undefined ? null : workloadDocument(workload),
    dropProbabilityMeasured: measuredDrop ?? null,
    assumptions,
  };
}

function workloadDocument({ namespace, name, kind, matchLabels }: Workload) {
  return { namespace, name, kind, matchLabels: matchLabels ?? null };
}

function remedyDocument(remedy: Remedy) {
  return {
    id: remedy.id,
    kind: remedy.kind,
    standing: remedy.standing,
    rank: remedy.rank ?? null,
    title: remedy.title,
    change: changeDocument(remedy.change),
    effect: effectDocument(remedy.effect),
    risks: remedy.risks,
    conflicts: remedy.conflicts.map(({ claim, hurts, truth, chance }) => ({
      ...claimDocument(claim),
      hurts,
      truth,
      chancePerNewFlow: chance,
    })),
    preconditions: remedy.preconditions,
    reasons: remedy.reasons,
    command: remedy.command ?? null,
    undo: remedy.undo ?? null,
  };
}

/** Every kind has its own keys; `kind` says which. */
function changeDocument(change: Change) {
  switch (change.kind) {
    case 'nat-port-range':
      return {
        kind: change.kind,
        from: change.from === undefined ? null : rangeDocument(change.from),
        to: rangeDocument(change.to),
      };
    case 'spread':
      return {
        kind: change.kind,
        nodes: change.nodes,
        podsPerNode: change.podsPerNode,
        replicas: change.replicas ?? null,
        patch: change.patch,
      };
    case 'split-range':
      return { kind: change.kind, parts: change.parts.map(rangeDocument), ruleset: change.ruleset };
    case 'more-addresses':
      return { kind: change.kind, addresses: change.addresses, ruleset: change.ruleset ?? null };
    case 'hold-time':
      return { kind: change.kind, timeWaitSeconds: change.timeWaitSeconds, ruleset: change.ruleset };
    case 'reuse-connections':
      return {
        kind: change.kind,
        newFlowsPerSecond: change.perSecond ?? null,
        heldAtOnce: change.heldAtOnce,
        requestsPerConnection: change.requestsPerConnection,
      };
    case 'none':
      return { kind: change.kind };
  }
}

function effectDocument(effect: Effect) {
  return {
    capacityFlowsPerNode: effect.capacityFlows,
    capacityFlowsPerSecond: effect.capacityPerSecond ?? null,
    dropProbabilityToday: effect.dropToday,
    dropProbabilityAtGoal: effect.dropAtGoal,
    bearsLoadFactor: effect.bearsFactor,
  };
}
