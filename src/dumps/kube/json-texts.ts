// Cuts a text into the JSON objects that begin at the start of a line, and what stands between them.

export interface TextPart {
  /** `cut`: an object that the text ends in. */
  readonly kind: 'object' | 'cut' | 'other';
  readonly text: string;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const BEGIN = /^[ \t]*\{[ \t\r]*(?:$|"|\})/gm;
/** What kubectl prints is nested a dozen deep. */
const DEEPEST = 200;

/** In order; joined they are the text. */
export function* jsonTexts(text: string): Generator<TextPart> {
  let at = 0;
  const begins = new RegExp(BEGIN);
  for (let begin = begins.exec(text); begin !== null; begin = begins.exec(text)) {
    if (begin.index > at) yield { kind: 'other', text: text.slice(at, begin.index) };
    const end = objectEnd(text, begin.index);
    if (end === undefined) {
      yield { kind: 'cut', text: text.slice(begin.index) };
      return;
    }
    yield { kind: 'object', text: text.slice(begin.index, end) };
    at = end;
    begins.lastIndex = end;
  }
  if (at < text.length) yield { kind: 'other', text: text.slice(at) };
}

/** Behind the brace that closes the first one from `start` on; undefined when none does, or it is nested beyond reason. */
function objectEnd(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = stringEnd(text, at);
    else if (code === OPEN) depth += 1;
    else if (code === CLOSE) depth -= 1;
    if (depth > DEEPEST) return undefined;
    if (depth === 0 && code === CLOSE) return at + 1;
  }
  return undefined;
}

function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at += 1;
    else if (code === QUOTE) return at;
  }
  return text.length;
}
