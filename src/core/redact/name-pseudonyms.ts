// Other names in place of the real ones: the same name has the same pseudonym wherever it stands.
import type { KeyedHash } from './keyed-hash.ts';

/** Without letters that look like others or make words. */
const ALPHABET = 'bcdfghjkmnpqrstvwxz23456789';
/** 27^9 is more than 10^12: two of a million names meet once in ten runs at most. */
const CHARACTERS = 9;

export class NamePseudonyms {
  readonly #hash: KeyedHash;
  readonly #names = new Map<string, string>();

  constructor(hash: KeyedHash) {
    this.#hash = hash;
  }

  /** The pseudonym of a name: what kind of thing first bears it stands before it. */
  of(name: string, kind: string): string {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const pseudonym = `${kind}-${this.#code(name)}`;
    this.#names.set(name, pseudonym);
    return pseudonym;
  }

  /** The pseudonym of a name that was met before. */
  known(name: string): string | undefined {
    return this.#names.get(name);
  }

  #code(name: string): string {
    const bytes = this.#hash(`name ${name}`);
    let value = 0n;
    for (const byte of bytes.subarray(0, 16)) value = (value << 8n) | BigInt(byte);
    let code = '';
    for (let index = 0; index < CHARACTERS; index += 1) {
      code += ALPHABET[Number(value % BigInt(ALPHABET.length))] ?? '';
      value /= BigInt(ALPHABET.length);
    }
    return code;
  }
}
