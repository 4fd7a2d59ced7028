// Expressions of nft's text as the values that `nft -j` prints for them: what a test looks at, and what it compares with.
import { servicePort } from './service-port.ts';
import type { NftWords } from './nft-words.ts';

/** Headers whose field follows: `ip saddr`, `th dport`. */
const HEADERS: ReadonlySet<string> = new Set(
  'ah arp comp dccp dst ether esp frag hbh icmp icmpv6 igmp ip ip6 mh rt rt0 rt2 rt4 sctp srh tcp th udp udplite vlan'.split(
    ' ',
  ),
);
/** Keys of `meta` that nft prints alone (meta_key_is_unqualified, src/meta.c). */
const META_KEYS: ReadonlySet<string> = new Set(
  'mark iif iifname iiftype iifgroup oif oifname oiftype oifgroup skuid skgid nftrace rtclassid cgroup ibrname obrname'.split(
    ' ',
  ),
);
const OTHERS: ReadonlySet<string> = new Set('meta ct fib numgen jhash symhash socket osf ipsec exthdr'.split(' '));
const BIT_OPERATORS: Readonly<Record<string, string>> = {
  '&': '&',
  '|': '|',
  '^': '^',
  '<<': '<<',
  '>>': '>>',
  and: '&',
  or: '|',
  xor: '^',
  lshift: '<<',
  rshift: '>>',
};

/** Whether an expression can begin with this word. */
export function beginsExpression(word: string): boolean {
  return (
    HEADERS.has(word) || META_KEYS.has(word) || OTHERS.has(word) || /^@(?:ll|nh|th|ih),/.test(word) || word[0] === '('
  );
}

/** What a test looks at: one expression, or several joined by dots. */
export function readExpression(words: NftWords): unknown {
  const parts = [withOperators(words, simple(words))];
  while (words.skip('.')) parts.push(withOperators(words, simple(words)));
  const whole = parts.length === 1 ? parts[0] : { concat: parts };
  if (!words.skip('map')) return whole;
  return { map: { key: whole, data: words.is('{') ? { set: readElements(words.braced()) } : words.next().text } };
}

function withOperators(words: NftWords, first: unknown): unknown {
  let value = first;
  for (let sign = BIT_OPERATORS[words.peek().text]; sign !== undefined; sign = BIT_OPERATORS[words.peek().text]) {
    words.next();
    value = { [sign]: [value, operand(words)] };
  }
  return value;
}

/** A number, an address, or `(fin | syn)`. */
function operand(words: NftWords): unknown {
  const { text } = words.next();
  if (text[0] !== '(') return valueOf(text, false);
  const inside = [text];
  while (!words.hasEnded && inside.at(-1)?.endsWith(')') !== true) inside.push(words.next().text);
  return inside.join(' ').replaceAll(/[()]/g, '');
}

function simple(words: NftWords): unknown {
  const { text } = words.next();
  if (text === 'meta') return { meta: { key: words.next().text } };
  if (META_KEYS.has(text)) return { meta: { key: text } };
  if (text === 'ct') return conntrack(words);
  if (text === 'fib') return { fib: fib(words) };
  if (text === 'numgen') return { numgen: { mode: words.next().text, ...modulus(words) } };
  if (text === 'jhash') return { jhash: { ...hashed(words), ...modulus(words) } };
  if (text === 'symhash') return { symhash: modulus(words) };
  if (text[0] === '@') return rawPayload(text);
  if (text === 'tcp' && words.skip('option'))
    return { 'tcp option': { name: words.next().text, field: words.next().text } };
  if (HEADERS.has(text)) return { payload: { protocol: text, field: words.next().text } };
  if (OTHERS.has(text)) return { [text]: { key: words.next().text } };
  return text;
}

/** No hash is taken of a hash. */
function hashed(words: NftWords): { readonly expr?: unknown } {
  return words.is('jhash') ? {} : { expr: readExpression(words) };
}

/** `ct state`, `ct original ip daddr`. */
function conntrack(words: NftWords): unknown {
  const { text } = words.next();
  if (text !== 'original' && text !== 'reply') return { ct: { key: text } };
  const key = words.next().text;
  return { ct: { key: key === 'ip' || key === 'ip6' ? `${key} ${words.next().text}` : key, dir: text } };
}

function fib(words: NftWords): unknown {
  const flags = [words.next().text];
  while (words.skip('.')) flags.push(words.next().text);
  return { result: words.next().text, flags };
}

function modulus(words: NftWords): { readonly mod?: number; readonly offset?: number } {
  const found: { mod?: number; offset?: number } = {};
  for (let isOver = false; !isOver; ) {
    if (words.skip('mod')) found.mod = Number(words.next().text);
    else if (words.skip('offset')) found.offset = Number(words.next().text);
    else if (!words.skip('seed')) isOver = true;
    else words.next();
  }
  return found;
}

function rawPayload(text: string): unknown {
  const [base = '', offset, length] = text.slice(1).split(',');
  return { payload: { base, offset: Number(offset), len: Number(length) } };
}

/** What a test compares with: a word, a set's name, elements in braces, several values joined by dots. */
export function readValue(words: NftWords, left: unknown): unknown {
  const isPort = looksAtPort(left);
  const parts = [oneValue(words, isPort)];
  while (words.skip('.')) parts.push(oneValue(words, isPort));
  return parts.length === 1 ? parts[0] : { concat: parts };
}

function looksAtPort(left: unknown): boolean {
  return /"(?:sport|dport|proto-src|proto-dst)"/.test(JSON.stringify(left));
}

function oneValue(words: NftWords, isPort: boolean): unknown {
  if (words.is('{')) return { set: readElements(words.braced(), isPort) };
  const word = words.next();
  if (word.kind === 'quoted') return word.text;
  let { text } = word;
  // `fin,syn / fin,syn,rst`, `established | related`
  while (words.is('/') || words.is('|')) text += ` ${words.next().text} ${words.next().text}`;
  return valueOf(text, isPort);
}

/** Elements of a set; of a map as pairs of key and value. */
export function readElements(words: NftWords, isPort = false): readonly unknown[] {
  return words.parts().flatMap((part) => elementsOf(part, isPort));
}

function elementsOf(words: NftWords, isPort: boolean): readonly unknown[] {
  const keys = [elementValue(words, isPort)];
  while (words.skip('.')) keys.push(elementValue(words, isPort));
  const key = keys.length === 1 ? keys[0] : { concat: keys };
  // Between key and value stand what belongs to the element: `timeout 5m expires 4m`, `comment "x"`, `counter packets 0 bytes 0`.
  while (!words.hasEnded && !words.is(':')) words.next();
  if (words.skip(':')) return [[key, mapped(words)]];
  // Written by hand without spaces: `{80,443}`.
  const several = typeof key === 'string' && key.includes(',') ? key.split(',') : undefined;
  return several?.map((text) => valueOf(text, isPort)) ?? [key];
}

/** No element is a set: braces here are damage, and their depth is anyone's. */
function elementValue(words: NftWords, isPort: boolean): unknown {
  if (!words.is('{')) return oneValue(words, isPort);
  words.braced();
  return '';
}

function mapped(words: NftWords): unknown {
  const verb = words.peek().text;
  if (verb === 'jump' || verb === 'goto') {
    words.next();
    return { [verb]: { target: words.next().text } };
  }
  if (VERDICTS.has(verb)) return { [words.next().text]: null };
  return elementValue(words, false);
}

export const VERDICTS: ReadonlySet<string> = new Set(['accept', 'drop', 'return', 'continue', 'queue']);

/** `443`, `0x4000`, `80-90`, `10.0.0.0/8`, `10.0.0.5-10.0.0.9`, `tcp`; names of services only where ports are compared. */
export function valueOf(text: string, isPort: boolean): unknown {
  const number = numberIn(text, isPort);
  if (number !== undefined) return number;
  const range = /^([^-/]+)-([^-/]+)$/.exec(text);
  const [first, last] = [range?.[1] ?? '', range?.[2] ?? ''];
  const [from, to] = [numberIn(first, isPort), numberIn(last, isPort)];
  if (from !== undefined && to !== undefined) return { range: [from, to] };
  if (isAddress(first) && isAddress(last)) return { range: [first, last] };
  const prefix = /^([0-9a-f.:]+)\/(\d{1,3})$/i.exec(text);
  return prefix === null ? text : { prefix: { addr: prefix[1], len: Number(prefix[2]) } };
}

function numberIn(text: string, isPort: boolean): number | undefined {
  if (/^(?:\d{1,15}|0x[0-9a-f]{1,12})$/i.test(text)) return Number(text);
  return isPort ? servicePort(text) : undefined;
}

function isAddress(text: string): boolean {
  return /^[0-9a-f.:]+$/i.test(text) && /[.:]/.test(text);
}
