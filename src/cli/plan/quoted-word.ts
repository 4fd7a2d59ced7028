// A word as a shell takes it back.

/** As it is where no shell reads more into it; `#` begins a comment only at the beginning of a word. */
export function quotedWord(word: string): string {
  return /^[\w@%+=:,./-][\w@%+=:,./#-]*$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
