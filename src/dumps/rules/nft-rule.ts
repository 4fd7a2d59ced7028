// One rule of `nft -j list ruleset` as the kernel's rule it came from.
import type { NatRandom } from '../../core/model/nat-rule.ts';
import type { KernelRule, NatPorts, RuleVerdict, VerdictBranch } from '../../core/nat-rules/kernel-rule.ts';
import { addOther, addUnknown, matchAll } from '../../core/nat-rules/rule-match.ts';
import type { RuleMatch } from '../../core/nat-rules/rule-match.ts';
import { kindOf, listOf, member, numberOf, textOf } from '../json-value.ts';
import { addComparison, addTest, portRange } from './nft-field.ts';
import { addressesOf as addressesIn } from './save-address.ts';

/** The elements of a named map of the rule's table. */
export type MapElements = (name: string) => readonly unknown[] | undefined;

/** Never throws: what is not understood is named. */
export function nftRule(rule: unknown, elements: MapElements): KernelRule {
  const draft = new Draft(elements);
  for (const statement of listOf(member(rule, 'expr'))) draft.statement(kindOf(statement), statement);
  return draft.finish(textOf(member(rule, 'comment')));
}

/** Statements that change nothing about ports or the rule's way. */
const HARMLESS: ReadonlySet<string> = new Set(['log', 'mangle', 'limit', 'quota', 'meta', 'ct helper', 'flow', 'set']);

class Draft {
  readonly #match: RuleMatch = matchAll();
  readonly #elements: MapElements;
  readonly #unclear: string[] = [];
  #verdict: RuleVerdict = { kind: 'continue' };
  #notrack = false;
  #packets: number | undefined;
  #bytes: number | undefined;

  constructor(elements: MapElements) {
    this.#elements = elements;
  }

  statement(kind: string, statement: unknown): void {
    const inside = member(statement, kind);
    if (kind === 'match') this.#test(inside);
    else if (kind === 'counter') this.#count(inside);
    else if (kind === 'notrack') this.#notrack = true;
    else if (kind === 'vmap') this.#verdictMap(inside);
    else if (kind === 'dnat' || kind === 'redirect') this.#destination(inside);
    else if (kind === 'xt') this.#unknown(`${textOf(member(inside, 'type'))} ${textOf(member(inside, 'name'))}`.trim());
    else if (!this.#take(verdictOf(kind, inside), inside) && !HARMLESS.has(kind)) this.#unknown(kind);
  }

  finish(comment: string): KernelRule {
    const match = this.#match;
    // An address test already says which IP version a packet has.
    if (match.source !== undefined || match.destination !== undefined)
      match.other = match.other.filter((text) => !text.startsWith('nfproto '));
    return {
      match,
      verdict: this.#verdict,
      notrack: this.#notrack,
      packets: this.#packets,
      bytes: this.#bytes,
      comment: comment === '' ? undefined : comment,
      unclear: this.#unclear,
    };
  }

  #test(inside: unknown): void {
    const op = textOf(member(inside, 'op'));
    const test = { left: member(inside, 'left'), right: member(inside, 'right'), negated: op === '!=' };
    if (op === '==' || op === '!=' || op === 'in') addTest(this.#match, test);
    else addComparison(this.#match, test.left, { op, right: test.right });
  }

  #count(inside: unknown): void {
    this.#packets = numberOf(member(inside, 'packets'));
    this.#bytes = numberOf(member(inside, 'bytes'));
  }

  #take(verdict: RuleVerdict | undefined, inside: unknown): boolean {
    if (verdict === undefined) return false;
    this.#verdict = verdict;
    if (verdict.kind !== 'masquerade' && verdict.kind !== 'snat') return true;
    // The kernel computes these for each packet: a rule without a range would mean every port.
    if (member(inside, 'port') !== undefined && verdict.range === undefined) this.#computed('ports', 'port', inside);
    if (member(inside, 'addr') !== undefined && verdict.kind === 'snat' && verdict.addresses.length === 0)
      this.#computed('addresses', 'addr', inside);
    return true;
  }

  #computed(what: string, key: string, inside: unknown): void {
    const text = `${what} from ${kindOf(member(inside, key)) === 'map' ? 'a map' : 'an expression'}`;
    addOther(this.#match, text);
    this.#unclear.push(text);
  }

  /** Where a map gives the destination the rule acts for its keys alone. */
  #destination(inside: unknown): void {
    const map = member(member(inside, 'addr'), 'map') ?? member(member(inside, 'port'), 'map');
    const elements = this.#elementsOf(member(map, 'data'));
    this.#verdict = { kind: 'dnat' };
    if (map === undefined || elements === undefined) return;
    const keys = keysOf(member(map, 'key'));
    const branches = elements.map((element) => ({ match: keyMatch(keys, element), verdict: this.#verdict }));
    this.#verdict = { kind: 'branches', branches };
  }

  #elementsOf(data: unknown): readonly unknown[] | undefined {
    const name = textOf(data);
    return name.startsWith('@') ? this.#elements(name.slice(1)) : listOf(member(data, 'set'));
  }

  #unknown(name: string): void {
    addUnknown(this.#match, name);
    this.#unclear.push(name);
  }

  #verdictMap(inside: unknown): void {
    const data = member(inside, 'data');
    const elements = this.#elementsOf(data);
    if (elements === undefined) return this.#unknown(`verdict map ${textOf(data)}`);
    const keys = keysOf(member(inside, 'key'));
    this.#verdict = { kind: 'branches', branches: elements.flatMap((element) => branchOf(keys, element) ?? []) };
  }
}

function keysOf(key: unknown): readonly unknown[] {
  return member(key, 'concat') === undefined ? [key] : listOf(member(key, 'concat'));
}

function branchOf(keys: readonly unknown[], element: unknown): VerdictBranch | undefined {
  const [, verdict] = listOf(element);
  const kind = kindOf(verdict);
  const known = verdictOf(kind, member(verdict, kind));
  return known === undefined ? undefined : { match: keyMatch(keys, element), verdict: known };
}

function keyMatch(keys: readonly unknown[], element: unknown): RuleMatch {
  const [value] = listOf(element);
  const plain = member(value, 'elem') === undefined ? value : member(member(value, 'elem'), 'val');
  const values = member(plain, 'concat') === undefined ? [plain] : listOf(member(plain, 'concat'));
  const match = matchAll();
  if (plain === '*') addOther(match, 'no element of the map');
  else for (const [index, left] of keys.entries()) addTest(match, { left, right: values[index], negated: false });
  return match;
}

function verdictOf(kind: string, inside: unknown): RuleVerdict | undefined {
  switch (kind) {
    case 'accept':
    case 'drop':
    case 'return':
    case 'continue':
      return { kind };
    case 'jump':
    case 'goto':
      return { kind, chain: textOf(member(inside, 'target')) };
    case 'reject':
    case 'queue':
      return { kind: 'drop' };
    case 'masquerade':
      return { kind, ...portsOf(inside) };
    case 'snat':
      return { kind, addresses: addressesOf(member(inside, 'addr')), ...portsOf(inside) };
    default:
      return undefined;
  }
}

function portsOf(inside: unknown): NatPorts {
  const port = member(inside, 'port');
  return { range: port === undefined ? undefined : portRange(port), random: randomOf(member(inside, 'flags')) };
}

/** One flag is a word, several are a list. */
function randomOf(flags: unknown): NatRandom {
  const words = typeof flags === 'string' ? [flags] : listOf(flags);
  if (words.includes('fully-random')) return 'random-fully';
  return words.includes('random') ? 'random' : 'none';
}

function addressesOf(value: unknown): readonly string[] {
  const range = listOf(member(value, 'range')).map(textOf);
  const prefix = member(value, 'prefix');
  if (prefix !== undefined) return [`${textOf(member(prefix, 'addr'))}/${textOf(member(prefix, 'len'))}`];
  const text = range.length === 2 ? range.join('-') : textOf(value);
  return text === '' ? [] : (addressesIn(text, text.includes(':') ? 6 : 4) ?? [text]);
}
