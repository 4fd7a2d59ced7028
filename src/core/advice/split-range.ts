// Remedy: several ranges that go round the NodePorts and other claimed ports, by an nft table of our own.
import { formatCount, formatInteger } from '../model/number-text.ts';
import { type PortRange, formatRange, rangeSize } from '../model/port-range.ts';
import { withPorts } from './changed-situation.ts';
import { effectOf } from './effect.ts';
import { egressRuleset, loadCommand } from './egress-ruleset.ts';
import { formatGain } from './load-text.ts';
import { openedConflicts } from './opened-conflicts.ts';
import type { OpenedConflict } from './plan.ts';
import { VXLAN_PORT, losesReplies } from '../analysis/lowest-start.ts';
import { type Question, type RemedyDraft, standingOf } from './remedy-draft.ts';
import { RULESET_NOT_FOR_IT, hasNatPortRange } from './ruled-protocols.ts';
import { SMALLEST_PART, splitParts } from './split-parts.ts';
import type { Ports, Situation } from './situation.ts';
import { formatBearing } from './take-over.ts';

const TABLE = 'portolan_split';

export function splitRange(question: Question): RemedyDraft {
  const { situation, goal, today } = question;
  const parts = splitParts(portsToSkip(situation.ports));
  const effect = effectOf(withPorts(situation, { ranges: parts, isDefault: false }), goal);
  const ruleset = rulesetFor(situation, parts);
  const isRuled = hasNatPortRange(situation.load.protocol);
  const isPossible = isRuled && ruleset !== undefined && parts.length > 1;
  return {
    id: 'split-range',
    kind: 'split-range',
    standing: isPossible ? standingOf(effect, question) : 'not-possible',
    title: `split range, ${formatInteger(portsOf(parts))} ports, no NodePort`,
    change: { kind: 'split-range', parts, ruleset: ruleset ?? '' },
    effect,
    risks: NFT_RISKS,
    conflicts: conflictsOf(situation.ports, parts),
    preconditions: [
      ...(ruleset === undefined ? [CIDRS_NEEDED] : []),
      'On every node that carries these pods, as root (tried with nft 1.0.6).',
    ],
    reasons: [
      ...(isRuled ? [] : [RULESET_NOT_FOR_IT]),
      ...(ruleset === undefined ? [CIDRS_NEEDED] : []),
      ...(parts.length > 1 ? [] : ['There is nothing to split: too few ports are free of claims.']),
      `${formatCount(parts.length, 'part')} (${parts.map(formatRange).join(', ')}) bear ${formatBearing(situation, effect.capacityFlows)} to one destination, ${formatGain(effect, today)}, and hold none of the NodePorts ${formatRange(situation.ports.nodePortRange)}.`,
      `Each part is a power of two, so that no port of it is favoured; pieces below ${formatInteger(SMALLEST_PART)} ports are left out, because a small part fills first and a flow that drew it gets no second part.`,
    ],
    ...(isPossible
      ? { command: loadCommand(ruleset), undo: `nft delete table ${familyWord(situation)} ${TABLE}` }
      : {}),
  };
}

/** Said of every ruleset of our own that translates. */
export const NFT_RISKS: readonly string[] = [
  "The table is nobody's but yours: neither Calico nor Kubernetes puts it back after a reboot or on a new node.",
  'Delete it only while another nat chain exists (that of Calico or kube-proxy): without any, open connections lose their translation.',
];

export const CIDRS_NEEDED =
  "The pods' CIDRs must be known: the rule has to match the traffic that the CNI's own rule matches.";

function rulesetFor({ load, ports }: Situation, parts: readonly PortRange[]): string | undefined {
  const { podCidrs, snatTo } = ports;
  if (podCidrs === undefined || podCidrs.length === 0) return undefined;
  const addresses = snatTo ?? [undefined];
  const drawn = addresses.flatMap((address) =>
    parts.map((range) => ({ range, weight: rangeSize(range), ...(address === undefined ? {} : { address }) })),
  );
  return egressRuleset({ table: TABLE, family: load.family, podCidrs, parts: drawn });
}

function familyWord({ load }: Situation): string {
  return load.family === 4 ? 'ip' : 'ip6';
}

/** NodePorts, hostPorts and everything whose replies may be lost; listening sockets live side by side with egress. */
function portsToSkip({ nodePortRange, claims, vxlan }: Ports): readonly PortRange[] {
  const claimed = claims.filter(
    (claim) => losesReplies(claim) || (claim.kind !== 'listener' && claim.kind !== 'tunnel'),
  );
  const tunnel = vxlan === false ? [] : [{ first: VXLAN_PORT, last: VXLAN_PORT }];
  return [nodePortRange, ...claimed.map(({ ports }) => ports), ...tunnel];
}

function conflictsOf(ports: Ports, parts: readonly PortRange[]): readonly OpenedConflict[] {
  return parts.flatMap((part) =>
    openedConflicts(ports, part).map((conflict) => ({
      ...conflict,
      chance: conflict.chance * (rangeSize(part) / portsOf(parts)),
    })),
  );
}

function portsOf(parts: readonly PortRange[]): number {
  return parts.reduce((sum, part) => sum + rangeSize(part), 0);
}
