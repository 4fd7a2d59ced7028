// One rule of `nft -j list ruleset` as the kernel's rule it came from.
import type { NatRandom } from '../../core/model/nat-rule.ts';
import type { KernelRule, NatPorts, RuleVerdict, VerdictBranch } from '../../core/nat-rules/kernel-rule.ts';
import { addOther, addUnknown, matchAll } from '../../core/nat-rules/rule-match.ts';
import type { RuleMatch } from '../../core/nat-rules/rule-match.ts';
import { kindOf, listOf, member, numberOf, textOf } from '../json-value.ts';
import { addComparison, addTest, portRange } from './nft-field.ts';

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
    else if (kind === 'xt') this.#unknown(`${textOf(member(inside, 'type'))} ${textOf(member(inside, 'name'))}`.trim());
    else if (!this.#take(verdictOf(kind, inside)) && !HARMLESS.has(kind)) this.#unknown(kind);
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

  #take(verdict: RuleVerdict | undefined): boolean {
    if (verdict !== undefined) this.#verdict = verdict;
    return verdict !== undefined;
  }

  #unknown(name: string): void {
    addUnknown(this.#match, name);
    this.#unclear.push(name);
  }

  #verdictMap(inside: unknown): void {
    const data = member(inside, 'data');
    const name = textOf(data);
    const elements = name.startsWith('@') ? this.#elements(name.slice(1)) : listOf(member(data, 'set'));
    if (elements === undefined) return this.#unknown(`verdict map ${name}`);
    const key = member(inside, 'key');
    const keys = member(key, 'concat') === undefined ? [key] : listOf(member(key, 'concat'));
    const branches = elements.flatMap((element) => branchOf(keys, element) ?? []);
    this.#verdict = { kind: 'branches', branches };
  }
}

function branchOf(keys: readonly unknown[], element: unknown): VerdictBranch | undefined {
  const [value, verdict] = listOf(element);
  const plain = member(value, 'elem') === undefined ? value : member(member(value, 'elem'), 'val');
  const values = member(plain, 'concat') === undefined ? [plain] : listOf(member(plain, 'concat'));
  const match = matchAll();
  if (plain === '*') addOther(match, 'no element of the map');
  else for (const [index, left] of keys.entries()) addTest(match, { left, right: values[index], negated: false });
  const kind = kindOf(verdict);
  const known = verdictOf(kind, member(verdict, kind));
  return known === undefined ? undefined : { match, verdict: known };
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
    case 'dnat':
    case 'redirect':
      return { kind: 'dnat' };
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
  if (range.length === 2) return [range.join('-')];
  return textOf(value) === '' ? [] : [textOf(value)];
}
