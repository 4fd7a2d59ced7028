// One rule of nft's text as the statements that `nft -j` prints for it.
import { beginsExpression, readElements, readExpression, readValue, valueOf, VERDICTS } from './nft-expression.ts';
import type { NftWords } from './nft-words.ts';

/** A rule in the form of `nft -j`, whose reader then does the rest. */
export interface NftTextRule {
  readonly expr: readonly unknown[];
  readonly comment: string;
}

/** Never throws: what is not known becomes a statement of its first word. */
export function readRule(words: NftWords): NftTextRule {
  const expr: unknown[] = [];
  let comment = '';
  while (!words.hasEnded) {
    const { kind, text } = words.peek();
    if (kind === 'end-of-line' || words.is(';')) words.next();
    else if (kind === 'plain' && text === 'comment') {
      words.next();
      comment = words.next().text;
    } else expr.push(kind === 'plain' ? readStatement(words) : unknown(words));
  }
  return { expr, comment };
}

function readStatement(words: NftWords): unknown {
  const { text } = words.peek();
  if (VERDICTS.has(text)) return verdict(words);
  const read = STATEMENTS[text];
  // `ct count over 20` and `ct helper set` begin as a test does.
  if (read !== undefined) return read(words);
  if (words.is('ct') && words.is('count', 1)) return skipped(words, 'ct count');
  return beginsExpression(text) ? test(words) : unknown(words);
}

const STATEMENTS: Readonly<Record<string, (words: NftWords) => unknown>> = {
  counter,
  jump: branch,
  goto: branch,
  masquerade: (words) => ({ masquerade: translation(words) }),
  snat: (words) => ({ snat: translation(words) }),
  dnat: (words) => ({ dnat: translation(words) }),
  redirect: (words) => ({ redirect: translation(words) }),
  notrack: (words) => ({ [words.next().text]: null }),
  xt: extension,
  reject,
  log,
  limit: (words) => skipped(words, 'limit'),
  quota: (words) => skipped(words, 'quota'),
  add: (words) => skipped(words, 'set'),
  update: (words) => skipped(words, 'set'),
  delete: (words) => skipped(words, 'set'),
  set: (words) => skipped(words, 'set'),
  meter: (words) => skipped(words, 'set'),
  flow: (words) => skipped(words, 'flow'),
};

function verdict(words: NftWords): unknown {
  const { text } = words.next();
  if (text === 'queue') toNextStatement(words);
  return { [text]: null };
}

function branch(words: NftWords): unknown {
  return { [words.next().text]: { target: words.next().text } };
}

/** `counter packets 12 bytes 720`, `counter name "x"`. */
function counter(words: NftWords): unknown {
  words.next();
  if (!words.skip('packets')) {
    if (words.skip('name')) words.next();
    return { counter: null };
  }
  const packets = Number(words.next().text);
  words.skip('bytes');
  return { counter: { packets, bytes: Number(words.next().text) } };
}

function extension(words: NftWords): unknown {
  words.next();
  return { xt: { type: words.next().text, name: words.next().text } };
}

/** `reject with icmp type port-unreachable`, `reject with tcp reset`: no test begins with that `tcp`. */
function reject(words: NftWords): unknown {
  words.next();
  if (words.skip('with')) {
    words.next();
    words.skip('type');
    words.next();
  }
  return { reject: null };
}

/** `log prefix "x" level info flags ip options`. */
function log(words: NftWords): unknown {
  words.next();
  while (!words.hasEnded && !isStatement(words)) {
    const isFlags = words.next().text === 'flags';
    if (isFlags) words.next();
    if (isFlags) words.skip('options');
  }
  return { log: null };
}

function skipped(words: NftWords, name: string): unknown {
  words.next();
  toNextStatement(words);
  return { [name]: null };
}

function unknown(words: NftWords): unknown {
  const { text } = words.next();
  toNextStatement(words);
  return { [text.slice(0, 40)]: null };
}

function toNextStatement(words: NftWords): void {
  while (!words.hasEnded && !isStatement(words)) {
    if (words.is('{')) words.braced();
    else words.next();
  }
}

function isStatement(words: NftWords): boolean {
  const { kind, text } = words.peek();
  if (kind !== 'plain') return kind !== 'quoted';
  return text === ';' || text === 'comment' || text in STATEMENTS || VERDICTS.has(text) || beginsExpression(text);
}

const COMPARISONS: ReadonlySet<string> = new Set([
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '!',
  'eq',
  'ne',
  'lt',
  'le',
  'gt',
  'ge',
]);
const SIGNS: Readonly<Record<string, string>> = { eq: '==', ne: '!=', lt: '<', le: '<=', gt: '>', ge: '>=', '!': '!=' };

/** `EXPRESSION [sign] VALUE`, `EXPRESSION set VALUE`, `EXPRESSION vmap { ... }`. */
function test(words: NftWords): unknown {
  const left = readExpression(words);
  if (words.skip('vmap')) {
    const isNamed = !words.is('{');
    return { vmap: { key: left, data: isNamed ? words.next().text : { set: readElements(words.braced(), true) } } };
  }
  if (words.skip('set')) {
    if (beginsExpression(words.peek().text)) readExpression(words);
    else words.next();
    return { mangle: null };
  }
  const { text } = words.peek();
  const op = COMPARISONS.has(text) && words.peek().kind === 'plain' ? words.next().text : '==';
  return { match: { op: SIGNS[op] ?? op, left, right: readValue(words, left) } };
}

const FLAGS = /^(?:random|fully-random|persistent|netmap)(?:,(?:random|fully-random|persistent|netmap))*$/;

/** `[ip] [prefix] [addr . port] [to ADDRESS[:PORTS]] [flags]`. */
function translation(words: NftWords): unknown {
  words.next();
  for (let word = words.peek(); QUALIFIERS.has(word.text) && word.kind === 'plain'; word = words.peek()) words.next();
  const target = words.skip('to') ? readTarget(words) : {};
  const flags: string[] = [];
  while (FLAGS.test(words.peek().text)) flags.push(...words.next().text.split(','));
  return flags.length === 0 ? target : { ...target, flags };
}

const QUALIFIERS: ReadonlySet<string> = new Set(['ip', 'ip6', 'prefix', 'interval', 'addr', 'port', '.']);

interface Target {
  readonly addr?: unknown;
  readonly port?: unknown;
}

function readTarget(words: NftWords): Target {
  const { text } = words.peek();
  // `to :numgen random mod 3 map { 0 : 5, ... }`: the ports are computed.
  if (text[0] === ':' && beginsExpression(text.slice(1))) {
    words.respell(text.slice(1));
    return { port: readExpression(words) };
  }
  if (beginsExpression(text)) {
    const addr = readExpression(words);
    return words.peek().text.startsWith(':') ? { addr, port: valueOf(words.next().text.slice(1), true) } : { addr };
  }
  words.next();
  return targetOf(text);
}

/** `192.0.2.1-192.0.2.3:100-200`, `[2001:db8::9]:1024-2047`, `2001:db8::9`, `:80`. */
function targetOf(text: string): Target {
  const bracketed = /^\[([^\]]*)\](?:-\[([^\]]*)\])?(?::(.*))?$/.exec(text);
  if (bracketed !== null) {
    const [, first = '', last, ports] = bracketed;
    return { ...portOf(ports), addr: valueOf(last === undefined ? first : `${first}-${last}`, false) };
  }
  const isIpv6 = text.indexOf(':') !== text.lastIndexOf(':');
  const [addr = '', ports] = isIpv6 ? [text] : text.split(':');
  return { ...portOf(ports), ...(addr === '' ? {} : { addr: valueOf(addr, false) }) };
}

function portOf(text: string | undefined): Target {
  return text === undefined ? {} : { port: valueOf(text, true) };
}
