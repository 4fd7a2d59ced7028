// A place in the words of one rule or of one set of `nft list ruleset`.
import type { NftWord } from './nft-tokens.ts';

const NOTHING: NftWord = { kind: 'end-of-line', text: '' };

/** Reads on from word to word; behind the last one every word is empty. */
export class NftWords {
  #words: readonly NftWord[];
  #at = 0;

  constructor(words: readonly NftWord[]) {
    this.#words = words;
  }

  get hasEnded(): boolean {
    return this.#at >= this.#words.length;
  }

  /** The word here; `ahead` of it the ones behind. */
  peek(ahead = 0): NftWord {
    return this.#words[this.#at + ahead] ?? NOTHING;
  }

  next(): NftWord {
    const word = this.peek();
    this.#at += 1;
    return word;
  }

  /** Whether the word here is this one, unquoted. */
  is(text: string, ahead = 0): boolean {
    const word = this.peek(ahead);
    return word.kind === 'plain' && word.text === text;
  }

  /** Steps over this word if it is here. */
  skip(text: string): boolean {
    const isHere = this.is(text);
    if (isHere) this.#at += 1;
    return isHere;
  }

  /** Puts a word in place of the one here: `:numgen` is a colon and an expression. */
  respell(text: string): void {
    this.#words = this.#words.with(this.#at, { kind: 'plain', text });
  }

  /** What stands between the brace here and the one that closes it; steps behind that. Empty when there is no brace. */
  braced(): NftWords {
    if (!this.skip('{')) return new NftWords([]);
    const start = this.#at;
    for (let depth = 1; depth > 0 && !this.hasEnded; ) {
      const { kind, text } = this.next();
      if (kind === 'plain' && text === '{') depth += 1;
      else if (kind === 'plain' && text === '}') depth -= 1;
    }
    return new NftWords(this.#words.slice(start, this.#at - 1));
  }

  /** The parts between commas; braces hold theirs together. */
  parts(): readonly NftWords[] {
    const parts: NftWord[][] = [[]];
    let depth = 0;
    while (!this.hasEnded) {
      const word = this.next();
      const mark = word.kind === 'plain' ? word.text : '';
      if (mark === '{') depth += 1;
      else if (mark === '}') depth -= 1;
      if (mark === ',' && depth === 0) parts.push([]);
      else if (word.kind !== 'end-of-line') parts.at(-1)?.push(word);
    }
    return parts.filter((part) => part.length > 0).map((part) => new NftWords(part));
  }
}
