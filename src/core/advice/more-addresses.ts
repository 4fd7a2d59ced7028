// Remedy: more SNAT addresses per node, one of them drawn for each flow; every address has all ports again.
import { formatInteger } from '../model/number-text.ts';
import { rangeSize } from '../model/port-range.ts';
import { withPorts } from './changed-situation.ts';
import { effectOf, hottestFlows } from './effect.ts';
import { type EgressPart, egressRuleset, loadCommand } from './egress-ruleset.ts';
import { formatGain } from './load-text.ts';
import { type Question, type RemedyDraft, standingOf } from './remedy-draft.ts';
import { RULESET_NOT_FOR_IT, hasNatPortRange } from './ruled-protocols.ts';
import { CIDRS_NEEDED, NFT_RISKS } from './split-range.ts';
import type { Ports, Situation } from './situation.ts';
import { formatBearing } from './take-over.ts';

const TABLE = 'portolan_addresses';

/** Nobody routes more addresses than this to every node for one destination's sake. */
const MOST_ADDRESSES = 64;

export function moreAddresses(question: Question): RemedyDraft {
  const { situation, goal, today } = question;
  const addresses = Math.max(addressesNeeded(question), situation.ports.snatAddresses + 1);
  const effect = effectOf(withPorts(situation, { snatAddresses: addresses }), goal);
  const whyNot = obstacle(situation, addresses);
  const ruleset = whyNot === undefined ? rulesetFor(situation, addresses) : undefined;
  return {
    id: 'more-addresses',
    kind: 'more-addresses',
    standing: whyNot === undefined ? standingOf(effect, question) : 'not-possible',
    title: `${formatInteger(addresses)} SNAT addresses per node (now ${situation.ports.snatAddresses})`,
    change: { kind: 'more-addresses', addresses, ...(ruleset === undefined ? {} : { ruleset }) },
    effect,
    risks: ['Allow-lists at the remote must know the new addresses.', ...NFT_RISKS],
    conflicts: [],
    preconditions: preconditionsOf(situation),
    reasons: [
      ...(whyNot === undefined ? [] : [whyNot]),
      `Each address has all ports of the range for itself: together ${formatBearing(situation, effect.capacityFlows)} to one destination, ${formatGain(effect, today)}.`,
      "An address must be drawn at random for each flow (numgen). The kernel's own choice among the addresses of one SNAT rule is a hash of source and destination: one pod to one destination stays on one address.",
    ],
    ...(ruleset === undefined
      ? {}
      : {
          command: loadCommand(ruleset),
          undo: `nft delete table ${situation.load.family === 4 ? 'ip' : 'ip6'} ${TABLE}`,
        }),
  };
}

/** The fewest addresses per node that meet the goal, all else as today. */
export function addressesNeeded({ situation, goal, today }: Question): number {
  const each = today.capacityFlows / situation.ports.snatAddresses;
  return each <= 0 ? Infinity : Math.max(1, Math.ceil((hottestFlows(situation) * goal.loadFactor) / each - 1e-9));
}

/** Addresses come from the network, not from the node: without names nothing says that there are any. */
function obstacle({ load, ports }: Situation, addresses: number): string | undefined {
  if (!hasNatPortRange(load.protocol)) return RULESET_NOT_FOR_IT;
  if (addresses > MOST_ADDRESSES)
    return `${formatInteger(addresses)} addresses on every node are more than anybody routes.`;
  const known = addressNames(ports).length;
  return known >= addresses
    ? undefined
    : `${formatInteger(addresses)} addresses are needed on each node, and ${known === 0 ? 'none is' : `${known} are`} named that ${known === 0 ? 'is' : 'are'} routed to it.`;
}

function addressNames({ snatTo = [], spareAddresses = [] }: Ports): readonly string[] {
  return [...snatTo, ...spareAddresses];
}

function preconditionsOf({ ports }: Situation): readonly string[] {
  return [
    "Every address must be routed to the node by the network, and configured on it; the node's provider may allow one only.",
    ...(ports.podCidrs === undefined ? [CIDRS_NEEDED] : []),
  ];
}

function rulesetFor({ load, ports }: Situation, addresses: number): string | undefined {
  const { podCidrs, ranges } = ports;
  const names = addressNames(ports).slice(0, addresses);
  if (podCidrs === undefined || podCidrs.length === 0 || names.length < addresses) return undefined;
  const parts = names.flatMap((address): EgressPart[] =>
    ranges.map((range) => ({ address, range, weight: ranges.length === 1 ? 1 : rangeSize(range) })),
  );
  return egressRuleset({ table: TABLE, family: load.family, podCidrs, parts });
}
