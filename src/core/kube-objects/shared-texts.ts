// Texts that many objects have in common, each kept once: decoded JSON makes a new copy of a namespace for every pod in it.
export class SharedTexts {
  readonly #texts = new Map<string, string>();

  /** An equal text, always the same one. */
  of(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    return text;
  }
}
