// The rules of one nftables table as raw attributes in one buffer: only rules that are reached get decoded.
import { AttributeReader } from '../netlink/attribute-reader.ts';

export class RuleArena {
  #bytes = new Uint8Array(65_536);
  #used = 0;
  /** start, stop pairs per chain, in rule order. */
  readonly #places = new Map<string, number[]>();

  /** Copies one rule's attributes. */
  add(chain: string, attributes: Uint8Array): void {
    this.#reserve(attributes.length);
    this.#bytes.set(attributes, this.#used);
    const start = this.#used;
    this.#used += attributes.length;
    const places = this.#places.get(chain);
    if (places === undefined) this.#places.set(chain, [start, this.#used]);
    else places.push(start, this.#used);
  }

  /** The rules of a chain in order. */
  *rules(chain: string): Generator<AttributeReader> {
    const places = this.#places.get(chain) ?? [];
    for (let index = 0; index < places.length; index += 2) {
      yield new AttributeReader(this.#bytes, places[index] ?? 0, places[index + 1] ?? 0);
    }
  }

  #reserve(more: number): void {
    if (this.#used + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#used + more));
    grown.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = grown;
  }
}
