// The words of `nft list ruleset` one after the other: braces, semicolons and line ends are words of their own.

/** What a word is when its text alone does not say it. */
export type NftWordKind = 'plain' | 'quoted' | 'end-of-line';

/** One word; overwritten by each step of `NftTokens`. */
export interface NftWord {
  readonly kind: NftWordKind;
  readonly text: string;
}

const END_OF_LINE: NftWord = { kind: 'end-of-line', text: '\n' };

// A comma inside a word joins flags (`random,persistent`) or fields (`@th,0,16`); before a space it parts elements.
const TOKEN = /[^\S\n]+|(\n)|"([^"\n]*)"|#[ \t]*xt_(\S+)|#[^\n]*|([{};])|(,(?=\s|$)|(?:,?[^\s{};,]+)+|,)/gy;

/**
 * All words of a text. `# xt_NAME` is a statement: nft built without libxtables writes so what iptables-nft's rule does
 * (xt_stmt_xlate, src/xt.c); any other `#` begins a comment.
 */
export function* nftWords(text: string): Generator<NftWord> {
  for (const [whole, lineEnd, quoted, extension, mark, plain] of text.matchAll(TOKEN)) {
    if (lineEnd !== undefined) yield END_OF_LINE;
    else if (quoted !== undefined) yield { kind: 'quoted', text: quoted };
    else if (extension !== undefined) yield* extensionWords(extension);
    else if ((mark ?? plain) !== undefined) yield { kind: 'plain', text: whole };
  }
}

function extensionWords(name: string): readonly NftWord[] {
  // Targets are written in capitals, matches are not (xtables-addons and the kernel's own names).
  const type = name === name.toUpperCase() ? 'target' : 'match';
  return ['xt', type, name].map((text) => ({ kind: 'plain', text }));
}
