// Remedy: more SNAT addresses per node, one of them drawn for each flow; every address has all ports again.
import { formatInteger } from '../model/number-text.ts';
import { rangeSize } from '../model/port-range.ts';
import { withPorts } from './changed-situation.ts';
import { effectOf, hottestFlows } from './effect.ts';
import { type EgressPart, egressRuleset, loadCommand } from './egress-ruleset.ts';
import { formatFlows, formatGain } from './load-text.ts';
import { type Question, type RemedyDraft, standingOf } from './remedy-draft.ts';
import { CIDRS_NEEDED, NFT_RISKS } from './split-range.ts';
import type { Situation } from './situation.ts';

const TABLE = 'portolan_addresses';

/** Nobody routes more addresses than this to every node for one destination's sake. */
const MOST_ADDRESSES = 64;

export function moreAddresses(question: Question): RemedyDraft {
  const { situation, goal, today } = question;
  const addresses = Math.max(addressesNeeded(question), situation.ports.snatAddresses + 1);
  const effect = effectOf(withPorts(situation, { snatAddresses: addresses }), goal);
  const isPossible = Number.isFinite(addresses) && addresses <= MOST_ADDRESSES;
  const ruleset = isPossible ? rulesetFor(situation, addresses) : undefined;
  return {
    id: 'more-addresses',
    kind: 'more-addresses',
    standing: isPossible ? standingOf(effect, question) : 'not-possible',
    title: `${formatInteger(addresses)} SNAT addresses per node (now ${situation.ports.snatAddresses})`,
    change: { kind: 'more-addresses', addresses, ...(ruleset === undefined ? {} : { ruleset }) },
    effect,
    risks: ['Allow-lists at the remote must know the new addresses.', ...NFT_RISKS],
    conflicts: [],
    preconditions: preconditionsOf(situation, addresses),
    reasons: [
      ...(isPossible
        ? []
        : [`Not possible: ${formatInteger(addresses)} addresses on every node are more than anybody routes.`]),
      `Each address has all ports of the range for itself: together ${formatFlows(situation.load, effect.capacityFlows)} to one destination at once, ${formatGain(effect, today)}.`,
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

function preconditionsOf(situation: Situation, addresses: number): readonly string[] {
  const { podCidrs, spareAddresses = [], snatTo = [] } = situation.ports;
  const known = spareAddresses.length + snatTo.length;
  return [
    `Every address must be routed to the node by the network, and configured on it; the node's provider may allow one only.`,
    ...(known >= addresses
      ? []
      : [
          `${formatInteger(addresses)} addresses must be named for each node before a ruleset can be given (known: ${known}).`,
        ]),
    ...(podCidrs === undefined ? [CIDRS_NEEDED] : []),
  ];
}

function rulesetFor({ load, ports }: Situation, addresses: number): string | undefined {
  const { podCidrs, snatTo = [], spareAddresses = [], ranges } = ports;
  const names = [...snatTo, ...spareAddresses].slice(0, addresses);
  if (podCidrs === undefined || podCidrs.length === 0 || names.length < addresses) return undefined;
  const parts = names.flatMap((address): EgressPart[] =>
    ranges.map((range) => ({ address, range, weight: ranges.length === 1 ? 1 : rangeSize(range) })),
  );
  return egressRuleset({ table: TABLE, family: load.family, podCidrs, parts });
}
