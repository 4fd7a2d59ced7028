// Remedy: a wider natPortRange. Every start worth a look, the one best start, and why the starts half way buy so little.
import { formatCount, formatInteger } from '../model/number-text.ts';
import { ownerName } from '../model/owner-name.ts';
import { MAX_PORT, type PortRange, formatRange, rangeSize, rangesEqual } from '../model/port-range.ts';
import { STARTS } from '../alloc/port-search.ts';
import { withRange } from './changed-situation.ts';
import { bearsAnyLoad, effectOf, reachesGoal } from './effect.ts';
import { formatGain } from './load-text.ts';
import { hurtChance, openedConflicts } from './opened-conflicts.ts';
import { oneInN } from '../model/one-in-n.ts';
import type { Effect, OpenedConflict } from './plan.ts';
import type { NodePortPlane } from '../analysis/range-write.ts';
import { lowestStart } from '../analysis/lowest-start.ts';
import { type Question, type RemedyDraft, standingOf } from './remedy-draft.ts';
import { NOT_RULED, hasNatPortRange } from './ruled-protocols.ts';
import type { NatOwner } from '../model/nat-rule.ts';
import type { Ports } from './situation.ts';
import { formatBearing } from './take-over.ts';

/** Starts that people choose, and those that the search makes good ones. */
const STARTS_SHOWN = [32_768, 30_000, 20_000, 16_384, 10_240, 8192, 4790, 1025];

/** Share of its additional ports that a range gains at most before that is worth a word. */
const CLEARLY_LESS = 0.8;

interface Candidate {
  readonly range: PortRange;
  readonly effect: Effect;
  readonly conflicts: readonly OpenedConflict[];
}

/** One draft per start below today's; a single one where the range cannot be widened. */
export function widenRange(question: Question): readonly RemedyDraft[] {
  const { load, ports } = question.situation;
  if (!hasNatPortRange(load.protocol)) return [cannotWiden(question, NOT_RULED)];
  const candidates = candidatesFor(question);
  const best = bestOf(candidates, question);
  if (best === undefined)
    return [cannotWiden(question, `the range ${formatRanges(ports)} already takes every port that it may`)];
  if (ports.owner !== 'calico') return [cannotWiden(question, HOW_ELSE[ports.owner], best)];
  return candidates.map((candidate) => draftOf(candidate, { best, candidates, question }));
}

function candidatesFor({ situation, goal }: Question): readonly Candidate[] {
  const { ports } = situation;
  const today = ports.ranges[0];
  if (today === undefined || ports.ranges.length > 1) return [];
  const starts = [...new Set([...STARTS_SHOWN, lowestStart(ports), ...(today.last < MAX_PORT ? [today.first] : [])])];
  return starts
    .filter((first) => first < today.first || (first === today.first && today.last < MAX_PORT))
    .toSorted((left, right) => left - right)
    .map((first) => {
      const range = { first, last: MAX_PORT };
      return { range, effect: effectOf(withRange(situation, range), goal), conflicts: openedConflicts(ports, range) };
    });
}

/**
 * Nothing below the lowest start, unless the range begins there already. Then the goal, then no port that hurts, then room to
 * grow: each change restarts Felix, so one should last.
 */
function bestOf(candidates: readonly Candidate[], { goal, situation, today }: Question): Candidate | undefined {
  const lowest = lowestStart(situation.ports);
  const [present] = situation.ports.ranges;
  const useful = candidates.filter(
    ({ range, effect }) =>
      (range.first >= lowest || range.first === present?.first) &&
      (effect.capacityFlows > today.capacityFlows || bearsAnyLoad(effect)),
  );
  return useful.toSorted(
    (left, right) =>
      Number(reachesGoal(right.effect, goal)) - Number(reachesGoal(left.effect, goal)) ||
      hurtChance(left.conflicts) - hurtChance(right.conflicts) ||
      right.effect.capacityFlows - left.effect.capacityFlows,
  )[0];
}

/** A candidate among the others. */
interface Comparison {
  readonly best: Candidate;
  readonly candidates: readonly Candidate[];
  readonly question: Question;
}

function draftOf(candidate: Candidate, comparison: Comparison): RemedyDraft {
  const { range, effect, conflicts } = candidate;
  const { best, question } = comparison;
  const { ports } = question.situation;
  const isBest = candidate === best;
  return {
    id: `widen-${range.first}`,
    kind: 'widen',
    standing: isBest ? standingOf(effect, question) : 'not-worth-it',
    title: `natPortRange ${range.first}:${range.last}`,
    change: { kind: 'nat-port-range', from: ports.isDefault ? undefined : ports.ranges[0], to: range },
    effect,
    risks: risksOf(range, ports),
    conflicts,
    preconditions: [
      "Nothing overrides FelixConfiguration default: no FELIX_NATPORTRANGE in calico-node's environment, no natPortRange in a FelixConfiguration node.NAME or one with a nodeSelector, no annotation config.projectcalico.org/NATPortRange.",
    ],
    reasons: isBest ? bestReasons(comparison) : lesserReasons(candidate, comparison),
    command: patch(`"${range.first}:${range.last}"`),
    undo: patch(ports.isDefault ? 'null' : `"${ports.ranges[0]?.first}:${ports.ranges[0]?.last}"`),
  };
}

/** Calico's own command; the range is written with a colon, because a dash makes it a named port, which Felix ignores. */
function patch(value: string): string {
  return `calicoctl patch felixconfiguration default --patch '{"spec":{"natPortRange": ${value}}}'`;
}

function bestReasons({ best, candidates, question }: Comparison): readonly string[] {
  const { range, effect, conflicts } = best;
  const { situation, today } = question;
  const hurting = hurtChance(conflicts);
  return [
    bearsAnyLoad(today)
      ? `A node bears ${formatBearing(situation, today.capacityFlows)} to one destination already; in a wider range the port of a closed one is taken over later.`
      : `A node then bears ${formatBearing(situation, effect.capacityFlows)} to one destination, ${formatGain(effect, today)} over ${formatRanges(situation.ports)}.`,
    `${range.first} is the best start: ${whyStart(range, situation.ports)}.`,
    ...halfWay(candidates, question),
    hurting === 0
      ? 'No port that comes to lie inside the range is known to hurt here.'
      : `${oneInN(hurting)} flows of one protocol get a port that hurts.`,
  ];
}

function whyStart({ first }: PortRange, ports: Ports): string {
  const lowest = lowestStart(ports);
  if (first > lowest) return 'a lower one would take in a port that hurts';
  if (first === 1025)
    return 'the lowest that IBM documents, and the kernel spreads its searches almost evenly over so large a range';
  const reason =
    ports.vxlan === undefined && first === 4790 ? 'VXLAN is not known to be off, and' : 'it lies above a tunnel port:';
  return `${reason} a flow that gets udp ${first - 1} may never see its reply`;
}

/** What a start half way buys, in figures: the modulo bias of the search. */
function halfWay(candidates: readonly Candidate[], question: Question): readonly string[] {
  const shown = [30_000, 16_384, 10_240].flatMap((first) => {
    const candidate = candidates.find(({ range }) => range.first === first);
    return candidate === undefined || !lags(candidate, question)
      ? []
      : [`${first} buys ${formatGain(candidate.effect, question.today)}`];
  });
  if (shown.length === 0) return [];
  const why = "because the kernel's random start favours the low part of a range";
  return [`Starts half way buy less than their ports, ${why}: ${shown.join(', ')}.`];
}

function lesserReasons(candidate: Candidate, { best, question }: Comparison): readonly string[] {
  const { range, effect, conflicts } = candidate;
  const hurting = hurtChance(conflicts);
  const favoured = favouredPorts(range);
  return [
    ...(hurting > hurtChance(best.conflicts)
      ? [
          `${sentence(oneInN(hurting))} flows of one protocol would get a port that hurts; ${best.range.first} has ${hurtChance(best.conflicts) === 0 ? 'none' : 'less'} of that.`,
        ]
      : []),
    bearsAnyLoad(question.today)
      ? `Any load is borne already; ${best.range.first} has more ports for the same restart of Felix.`
      : `${formatGain(effect, question.today)} over ${formatRanges(question.situation.ports)}; ${best.range.first} buys ${formatGain(best.effect, question.today)} for the same restart of Felix.`,
    ...(favoured === 0 || !lags(candidate, question)
      ? []
      : [
          `The kernel starts its search at a random 16-bit number modulo ${formatInteger(rangeSize(range))} ports, so the first ${formatInteger(favoured)} of them are tried twice as often and clog first.`,
        ]),
  ];
}

/** Whether a range gains clearly less than it has more ports: where closed connections give theirs away, it need not. */
function lags({ range, effect }: Candidate, { situation, today }: Question): boolean {
  const before = situation.ports.ranges.reduce((sum, each) => sum + rangeSize(each), 0);
  if (bearsAnyLoad(effect)) return false;
  return effect.capacityFlows / today.capacityFlows - 1 < CLEARLY_LESS * (rangeSize(range) / before - 1);
}

/** Ports at the low end that are drawn once more than the others. */
function favouredPorts(range: PortRange): number {
  return STARTS % rangeSize(range);
}

const DIRECT = 'with a load balancer that answers clients directly (IBM VPC NLB)';

/** What that means, by what takes packets to NodePorts. */
const HARM: Readonly<Partial<Record<NodePortPlane, string>> & Record<'unknown', string>> = {
  'kube-proxy-iptables': `harmless with kube-proxy's iptables rules, but ${DIRECT} such a connection fails`,
  'kube-proxy-nftables': `harmless with kube-proxy's nftables rules, but ${DIRECT} such a connection fails`,
  unknown: `${DIRECT} or an eBPF data plane such a connection fails`,
};

function risksOf(range: PortRange, { nodePortRange, nodePortPlane, ranges }: Ports): readonly string[] {
  const opensNodePorts = range.first <= nodePortRange.last && !ranges.some(({ first }) => first <= nodePortRange.last);
  return [
    ...(opensNodePorts
      ? [
          `Egress may leave from NodePorts (${formatRange(nodePortRange)}): ${HARM[nodePortPlane ?? 'unknown'] ?? HARM.unknown}.`,
        ]
      : []),
    'Every Felix restarts at the same time: open connections keep their ports and traffic flows, but for some seconds no node takes new policies or pods.',
    'Firewalls and stateless network ACLs on the way must let replies to the lower ports in.',
    'A cluster that keeps FelixConfiguration in Git, Helm or an add-on sets the old range again at its next run.',
  ];
}

function cannotWiden(question: Question, why: string, best?: Candidate): RemedyDraft {
  const { ports } = question.situation;
  const today = ports.ranges[0] ?? { first: 0, last: 0 };
  const range = best?.range ?? today;
  return {
    id: 'widen',
    kind: 'widen',
    standing: 'not-possible',
    title: rangesEqual(range, today) ? 'a wider range' : `a wider range: ${formatRange(range)}`,
    change:
      best === undefined
        ? { kind: 'none' }
        : { kind: 'nat-port-range', from: ports.isDefault ? undefined : today, to: range },
    effect: best?.effect ?? question.today,
    risks: [],
    conflicts: best?.conflicts ?? [],
    preconditions: [],
    reasons: [
      `${why.startsWith('natPortRange') ? why : sentence(why)}.`,
      ...(best === undefined ? [] : [`It would buy ${formatGain(best.effect, question.today)}.`]),
    ],
  };
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function formatRanges({ ranges }: Ports): string {
  return ranges.length === 1 ? ranges.map(formatRange).join('') : formatCount(ranges.length, 'part');
}

/** Who else sets the range, and what there is to turn. */
const HOW_ELSE: Readonly<Record<Exclude<NatOwner, 'calico'>, string>> = {
  'kube-proxy': `${ownerName('kube-proxy')} has no setting for the ports it masquerades with`,
  cilium:
    "Cilium's masquerade starts above the NodePort range; only a smaller --node-port-range of its agent and of the API server moves that",
  flannel: 'flannel has no setting for the ports it masquerades with',
  kindnet: 'kindnet has no setting for the ports it masquerades with',
  'ip-masq-agent': 'ip-masq-agent has no setting for the ports it masquerades with',
  'aws-vpc-cni': 'the AWS VPC CNI has no setting for the ports of its SNAT rule',
  antrea: 'no setting of Antrea for the ports it masquerades with is known',
  'cni-plugins': 'the CNI plugins have no setting for the ports they masquerade with',
  docker: 'Docker has no setting for the ports it masquerades with',
  libvirt: "the range is set in the network's XML (<nat><port start= end=/></nat>), and Portolan does not edit it",
  portolan: 'the range is already split by a table of Portolan',
  unknown: 'it is not known which program wrote the rule; whoever did must widen its range',
};
