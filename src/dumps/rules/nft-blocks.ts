// The blocks and lines of `nft list ruleset` by their braces, without looking at what a rule says.

/** A stretch of a text. */
interface Stretch {
  readonly start: number;
  readonly stop: number;
}

/** `chain postrouting { ... }`, or a line such as `flags dormant`. */
export interface NftBlock {
  /** `chain`, `postrouting`. */
  readonly head: readonly string[];
  /** Undefined for a line without braces. */
  readonly body: string | undefined;
}

/** One table and what is in it. */
export interface NftTableText {
  readonly family: string;
  readonly name: string;
  readonly body: string;
  /** False: the text ends inside. */
  readonly isWhole: boolean;
}

const TABLE = /^[ \t]*(?:add[ \t]+)?table[ \t]+(?:(ip6?|inet|arp|bridge|netdev)[ \t]+)?([^\s{]+)[ \t]*\{/gm;

/** The tables of a text; what stands between them belongs to other texts. */
export function* nftTables(text: string): Generator<NftTableText> {
  const heads = new RegExp(TABLE);
  for (let head = heads.exec(text); head !== null; head = heads.exec(text)) {
    const start = head.index + head[0].length;
    const end = closingBrace(text, { start, stop: text.length });
    const [, family = 'ip', name = ''] = head;
    yield { family, name: unquoted(name), body: text.slice(start, end ?? text.length), isWhole: end !== undefined };
    heads.lastIndex = end ?? text.length;
  }
}

/** What a table's body holds. A block that is cut off goes to the end. */
export function* nftBlocks(body: string): Generator<NftBlock> {
  for (let at = 0; at < body.length; ) {
    const stop = headEnd(body, at);
    const head = wordsOf(body.slice(at, stop));
    at = stop + 1;
    if (body[stop] !== '{') {
      if (head.length > 0) yield { head, body: undefined };
      continue;
    }
    const end = closingBrace(body, { start: at, stop: body.length }) ?? body.length;
    yield { head, body: body.slice(at, end) };
    at = end + 1;
  }
}

/** The lines of a chain: parted by semicolons and line ends outside of braces. */
export function* nftLines(body: string): Generator<string> {
  let start = 0;
  let depth = 0;
  for (let at = 0; at <= body.length; at += 1) {
    const character = body[at];
    if (character === '"') at = quoteEnd(body, at);
    else if (character === '#') at = commentEnd(body, at);
    else if (character === '{') depth += 1;
    else if (character === '}') depth -= 1;
    const isEnd = body[at] === undefined || (depth <= 0 && (body[at] === ';' || body[at] === '\n'));
    if (!isEnd) continue;
    const line = body.slice(start, at).trim();
    if (line !== '' && !isComment(line)) yield line;
    start = at + 1;
  }
}

function headEnd(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') at = quoteEnd(text, at);
    else if (character === '#') at = commentEnd(text, at);
    if (text[at] === '{' || text[at] === ';' || text[at] === '\n') return at;
  }
  return text.length;
}

/** Where the brace is that closes the one before `start`; undefined when the text ends first. */
function closingBrace(text: string, { start, stop }: Stretch): number | undefined {
  let depth = 1;
  for (let at = start; at < stop; at += 1) {
    const character = text[at];
    if (character === '"') at = quoteEnd(text, at);
    else if (character === '#') at = commentEnd(text, at);
    else if (character === '{') depth += 1;
    else if (character === '}') depth -= 1;
    if (depth === 0) return at;
  }
  return undefined;
}

/** The quote that ends a string; where the line has none, the character is one like any other. */
function quoteEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length && text[at] !== '\n'; at += 1) if (text[at] === '"') return at;
  return start;
}

/** The line end behind a comment; a rule goes on behind `# xt_NAME`. */
function commentEnd(text: string, start: number): number {
  if (isExtension(text, start)) return start;
  const end = text.indexOf('\n', start);
  return end < 0 ? text.length : end;
}

function isExtension(text: string, start: number): boolean {
  return text.startsWith('xt_', start + 1) || text.startsWith('xt_', start + 2);
}

function isComment(line: string): boolean {
  return line[0] === '#' && !isExtension(line, 0);
}

function wordsOf(text: string): readonly string[] {
  const plain = text.replaceAll(/#[^\n]*/g, '').trim();
  return plain === '' ? [] : plain.split(/\s+/).map(unquoted);
}

function unquoted(text: string): string {
  return text.replace(/^"(.*)"$/, '$1');
}
