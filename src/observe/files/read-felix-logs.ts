// What calico-node's log says of its node: the range that Felix writes into its rules. It stands for the rules where no file holds them.
import type { Gap } from '../../core/model/gap.ts';
import type { NatRule } from '../../core/model/nat-rule.ts';
import { formatRange, type PortRange, rangesEqual } from '../../core/model/port-range.ts';
import { TCP, UDP } from '../../core/model/protocol.ts';
import { type FelixStart, parseFelixLog } from '../../dumps/calico/parse-felix-log.ts';
import { NO_RULES } from './dump-gaps.ts';
import { textOfInput } from './dump-input.ts';
import type { DumpInput } from './dump-input.ts';
import type { FilesRules } from './read-rule-files.ts';

/** What each start says. */
export function readFelixLogs(inputs: readonly DumpInput[]): readonly FelixStart[] {
  return inputs.flatMap((input) => parseFelixLog(textOfInput(input)));
}

/** That of the node; the only one, where nothing says of which it is. */
export function felixOfNode(starts: readonly FelixStart[], node: string | undefined): FelixStart | undefined {
  const ofNode = starts.findLast(({ host }) => host !== undefined && host === node);
  if (ofNode !== undefined || starts.length !== 1) return ofNode;
  const [only] = starts;
  return only?.host === undefined || node === undefined ? only : undefined;
}

/** The rules with what the log says of them: beside them where they were read, in their place where not. */
export function withFelix(read: FilesRules, felix: FelixStart | undefined): FilesRules {
  if (felix === undefined) return read;
  const isUnread = read.gaps.some(({ id }) => id === 'nat-rules');
  if (isUnread && read.rules.sourceNat.length === 0)
    return {
      rules: { ...read.rules, sourceNat: felixRules(felix.range) },
      gaps: read.gaps.map((gap) => (gap.id === 'nat-rules' ? restOfRules(felix) : gap)),
    };
  return { rules: read.rules, gaps: [...read.gaps, ...contradictions(read.rules.sourceNat, felix)] };
}

/** felix/rules/nat.go, natOutgoingRules: one for TCP and UDP each, with the range, and one for the rest. */
function felixRules(range: PortRange | undefined): readonly NatRule[] {
  return [TCP, UDP, undefined].map((protocol, order) => ({
    backend: 'felix-log',
    family: 'ip',
    table: 'nat',
    path: ['cali-nat-outgoing'],
    priority: 100,
    order,
    match: {
      ...(protocol === undefined ? {} : { protocol }),
      source: '@cali40masq-ipam-pools',
      other: [],
    },
    action: {
      kind: 'masquerade',
      ...(protocol === undefined || range === undefined ? {} : { range }),
      random: 'random-fully',
    },
    owner: 'calico',
    scope: 'egress',
  }));
}

function restOfRules(felix: FelixStart): Gap {
  return {
    ...NO_RULES,
    what: 'the NAT rules beside natPortRange',
    why: `no file holds them; calico-node logged ${saidBy(felix)}`,
    weakens: 'whether that range is written, which rule takes a flow first, and which ports other rules claim',
  };
}

/** The rules are from another moment, or Felix could not write what it parsed. */
function contradictions(rules: readonly NatRule[], felix: FelixStart): Gap[] {
  const ofCalico = rules.filter(
    ({ owner, scope, match: { protocol } }) => owner === 'calico' && scope === 'egress' && protocol === TCP,
  );
  const [rule] = ofCalico;
  const found = rule?.action.kind === 'masquerade' || rule?.action.kind === 'snat' ? rule.action.range : undefined;
  const isSame =
    found === undefined || felix.range === undefined ? found === felix.range : rangesEqual(found, felix.range);
  if (rule !== undefined && isSame) return [];
  const inRules =
    rule === undefined ? 'hold no rule of it' : found === undefined ? 'set no range' : `say ${formatRange(found)}`;
  return [
    {
      id: 'nat-rule-unknown',
      what: "whether Calico's range is that of its rules",
      why: `calico-node logged ${saidBy(felix)}, the rules ${inRules}: they are of different moments, or Felix could not write them`,
      weakens: 'which range new flows get',
      remedy: 'sudo iptables-save > rules.txt',
    },
  ];
}

function saidBy({ range, source }: FelixStart): string {
  return `${range === undefined ? 'no range' : formatRange(range)} (from ${source})`;
}
