// The words of Calico's selector language. What follows a label must be an operator, so `in`, `contains` and the others are
// also good names of labels (libcalico-go/lib/selector/tokenizer).

/** `text` is a label's or a string's own; `all` and `global` both match everything. */
export type SelectorToken =
  | { readonly kind: 'label' | 'string' | 'has'; readonly text: string; readonly at: number }
  | { readonly kind: SelectorSign; readonly at: number };

export type SelectorSign = LabelOperator | '(' | ')' | '{' | '}' | ',' | '!' | '&&' | '||' | 'all' | 'global' | 'end';

export type LabelOperator = '==' | '!=' | 'in' | 'not in' | 'contains' | 'starts with' | 'ends with';

export interface SelectorProblem {
  readonly ok: false;
  /** 0-based place in the text. */
  readonly at: number;
  readonly wanted: string;
}

/** The words of the text, `end` last; or the first place that is no word. */
export function selectorTokens(
  text: string,
): { readonly ok: true; readonly tokens: SelectorToken[] } | SelectorProblem {
  const tokens: SelectorToken[] = [];
  for (let at = blankEnd(text, 0); at < text.length; at = blankEnd(text, at)) {
    const read = tokens.at(-1)?.kind === 'label' ? readAfterLabel(text, at) : readToken(text, at);
    if ('wanted' in read) return { ok: false, at, wanted: read.wanted };
    tokens.push(read.token);
    at = read.end;
  }
  return { ok: true, tokens: [...tokens, { kind: 'end', at: text.length }] };
}

type Read = { readonly token: SelectorToken; readonly end: number } | { readonly wanted: string };

const SIGNS = ['==', '!=', '&&', '||', '(', ')', '{', '}', ',', '!'] as const;

const LABEL = /[a-zA-Z0-9_./-]{1,512}/y;
const CALL = /(has|all|global)\([ \t]*([a-zA-Z0-9_./-]*)[ \t]*(\))?/y;
const WORD_OPERATORS: readonly (readonly [LabelOperator, RegExp])[] = [
  ['contains', /contains/y],
  ['starts with', /starts[ \t]*with/y],
  ['ends with', /ends[ \t]*with/y],
  ['not in', /not[ \t]*in/y],
  ['in', /in/y],
];

/** Only blanks and tabs: a line break is not understood, as with Calico. */
function blankEnd(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at += 1;
  return at;
}

function readToken(text: string, at: number): Read {
  return readSign(text, at) ?? readString(text, at) ?? readCall(text, at) ?? readLabel(text, at);
}

function readAfterLabel(text: string, at: number): Read {
  for (const [kind, pattern] of WORD_OPERATORS) {
    const end = endOf(pattern, { text, at });
    if (end !== undefined) return { token: { kind, at }, end };
  }
  return readSign(text, at) ?? readString(text, at) ?? { wanted: 'an operator after the label' };
}

function readSign(text: string, at: number): Read | undefined {
  const sign = SIGNS.find((candidate) => text.startsWith(candidate, at));
  if (sign !== undefined) return { token: { kind: sign, at }, end: at + sign.length };
  const half = ['=', '&', '|'].find((candidate) => text.startsWith(candidate, at));
  return half === undefined ? undefined : { wanted: `${half}${half}` };
}

/** Nothing can be escaped: a string ends at the next quote of its kind. */
function readString(text: string, at: number): Read | undefined {
  const quote = text[at];
  if (quote !== '"' && quote !== "'") return undefined;
  const end = text.indexOf(quote, at + 1);
  if (end < 0) return { wanted: `a closing ${quote}` };
  return { token: { kind: 'string', text: text.slice(at + 1, end), at }, end: end + 1 };
}

function readCall(text: string, at: number): Read | undefined {
  CALL.lastIndex = at;
  const match = CALL.exec(text);
  if (match === null) return undefined;
  const [, name, label = '', close] = match;
  const end = at + match[0].length;
  if (name === 'has' && label === '') return { wanted: 'a label inside has( )' };
  if (close === undefined || (name !== 'has' && label !== '')) return { wanted: `a closing ) after ${name ?? ''}(` };
  if (name === 'has') return { token: { kind: 'has', text: label, at }, end };
  return { token: { kind: name === 'all' ? 'all' : 'global', at }, end };
}

function readLabel(text: string, at: number): Read {
  const end = endOf(LABEL, { text, at });
  return end === undefined
    ? { wanted: 'a label, has( ), all( ), ! or (' }
    : { token: { kind: 'label', text: text.slice(at, end), at }, end };
}

function endOf(pattern: RegExp, { text, at }: { readonly text: string; readonly at: number }): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}
