// The 16 four-byte registers of one nftables rule evaluation: not their values, but what the rule loaded into them.
import type { RegisterLoad } from './register-load.ts';

/** NFT_REG_1 .. NFT_REG_4 are 16 bytes wide; NFT_REG32_00 .. 15 share their space (enum nft_registers). */
const NFT_REG_4 = 4;
const NFT_REG32_00 = 8;

/** Register 0 carries the verdict. */
export const NFT_REG_VERDICT = 0;

export class RegisterFile {
  readonly #words: (RegisterLoad | undefined)[] = Array.from({ length: 16 });

  clear(): void {
    this.#words.fill(undefined);
  }

  set(register: number, load: RegisterLoad): void {
    const word = wordOf(register);
    if (word !== undefined) this.#words[word] = load;
  }

  /** What starts at this register. */
  get(register: number): RegisterLoad | undefined {
    const word = wordOf(register);
    return word === undefined ? undefined : this.#words[word];
  }

  /** What `bytes` bytes from this register on hold, field by field: a set key. Undefined where a part is not known. */
  key(register: number, bytes: number): readonly RegisterLoad[] | undefined {
    const parts: RegisterLoad[] = [];
    let word = wordOf(register);
    for (let left = bytes; left > 0; ) {
      const load = word === undefined ? undefined : this.#words[word];
      if (word === undefined || load === undefined) return undefined;
      parts.push(load);
      const words = Math.max(1, Math.ceil(load.length / 4));
      word += words;
      left -= words * 4;
    }
    return parts;
  }
}

function wordOf(register: number): number | undefined {
  if (register >= 1 && register <= NFT_REG_4) return (register - 1) * 4;
  if (register >= NFT_REG32_00 && register < NFT_REG32_00 + 16) return register - NFT_REG32_00;
  return undefined;
}
