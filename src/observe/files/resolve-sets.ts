// Rules that test for a named set, with the networks that `ipset list` says are in it: then it is known which sources they take.
import type { Gap } from '../../core/model/gap.ts';
import type { NatMatch, NatRule } from '../../core/model/nat-rule.ts';
import { type IpSet, parseIpset } from '../../dumps/sets/parse-ipset.ts';
import { unreadLines } from './dump-gaps.ts';
import { textOfInput } from './dump-input.ts';
import type { DumpInput } from './dump-input.ts';

/** A pool each; more are endpoints of a policy, which no NAT rule tests. */
const MOST_NETWORKS = 256;
/** What no IPv4 address is in: an empty set takes nothing. */
const NOTHING = '!0.0.0.0/0';
const ANYTHING = '0.0.0.0/0';

export interface FilesSets {
  readonly sets: ReadonlyMap<string, IpSet>;
  readonly gaps: readonly Gap[];
}

export function readSetFiles(inputs: readonly DumpInput[]): FilesSets {
  const read = inputs.map((input) => ({ name: input.name, sets: parseIpset(textOfInput(input)) }));
  return {
    sets: new Map(read.flatMap(({ sets }) => sets.map((set) => [set.name, set]))),
    gaps: read.flatMap(({ name, sets }) => {
      const cut = sets.filter(({ isWhole, name: set }) => !isWhole && /^cali40.*pools$/.test(set));
      return cut.length === 0 ? [] : [unreadLines(name, `${cut.map((set) => set.name).join(', ')} not whole`)];
    }),
  };
}

/** Named sets of IPv4 in the tests of rules become the networks in them; what is not known stays a name. */
export function resolveSets(rules: readonly NatRule[], sets: ReadonlyMap<string, IpSet>): readonly NatRule[] {
  if (sets.size === 0) return rules;
  return rules.map((rule) => (rule.family === 'ip6' ? rule : { ...rule, match: resolved(rule.match, sets) }));
}

function resolved(match: NatMatch, sets: ReadonlyMap<string, IpSet>): NatMatch {
  const { source, destination, ...rest } = match;
  return {
    ...rest,
    ...(source === undefined ? {} : { source: networksOf(source, sets) }),
    ...(destination === undefined ? {} : { destination: networksOf(destination, sets) }),
  };
}

function networksOf(test: string, sets: ReadonlyMap<string, IpSet>): string {
  const [, negation = '', name = ''] = /^(!?)@(.+)$/.exec(test) ?? [];
  const set = sets.get(name);
  if (set === undefined || !set.isWhole || set.networks.length > MOST_NETWORKS) return test;
  if (set.networks.length === 0) return negation === '' ? NOTHING : ANYTHING;
  return `${negation}${set.networks.join(',')}`;
}
