// Pseudonyms for all that facts may name: one object for all parts of a bundle, so that they stay consistent over them.
import { AddressPseudonyms } from './address-pseudonyms.ts';
import type { KeyedHash } from './keyed-hash.ts';
import { NamePseudonyms } from './name-pseudonyms.ts';
import {
  isWellKnownNamespace,
  isWellKnownOwnerText,
  isWellKnownText,
  isWellKnownWord,
  isWellKnownWorkload,
} from './well-known-words.ts';

/** Where an address or network may begin and end in a text. */
const ADDRESS =
  /(?<![\w:.])(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-fA-F]{0,4}(?::[\da-fA-F]{0,4}){2,7}(?:\.\d{1,3}){0,3})(?:\/\d{1,3})?(?![\w])/g;
/** What may be a name in a text of our own. */
const NAME = /[A-Za-z0-9][\w.-]*[A-Za-z0-9]|[A-Za-z0-9]/g;
/** What parts words in a text of somebody else. */
const WORD = /[^\s/@!,;"'()[\]{}<>=]+/g;

export class Pseudonyms {
  readonly addresses: AddressPseudonyms;
  readonly #names: NamePseudonyms;

  constructor(hash: KeyedHash) {
    this.addresses = new AddressPseudonyms(hash);
    this.#names = new NamePseudonyms(hash);
  }

  node(name: string): string {
    return this.#names.of(name, 'node');
  }

  namespace(name: string): string {
    return isWellKnownNamespace(name) ? name : this.#names.of(name, 'ns');
  }

  pod(name: string): string {
    return this.#names.of(name, 'pod');
  }

  /** A workload in a namespace of somebody is somebody's, whatever it is called. */
  workload(name: string, { kind, namespace }: { readonly kind: string; readonly namespace: string }): string {
    if (isWellKnownNamespace(namespace) && isWellKnownWorkload(name)) return name;
    return this.#names.of(name, kind === 'Node' ? 'static' : kind.toLowerCase().replaceAll(/[^a-z]/g, ''));
  }

  other(name: string, kind: string): string {
    return this.#names.of(name, kind);
  }

  address(text: string): string {
    return this.addresses.ofText(text) ?? this.foreign(text);
  }

  /** The owner of a claim. That Cilium made it decides whether it hurts (claims-in-range.ts). */
  owner(owner: string): string {
    if (isWellKnownOwnerText(owner)) return owner;
    const pseudonym = this.#names.known(owner) ?? this.foreign(owner);
    return /cilium/i.test(owner) && !/cilium/i.test(pseudonym) ? `cilium ${pseudonym}` : pseudonym;
  }

  /** A sentence of Portolan's: its own words stay; addresses and names that were met become their pseudonyms. */
  ours(text: string): string {
    return this.#withAddresses(text, (part) => part.replaceAll(NAME, (name) => this.#names.known(name) ?? name));
  }

  /** A text of somebody else: only words that are known to name no one stay. */
  foreign(text: string): string {
    if (isWellKnownText(text)) return text;
    return this.#withAddresses(text, (part) =>
      part.replaceAll(WORD, (word) => (isWellKnownWord(word) ? word : this.#names.of(word, 'name'))),
    );
  }

  #withAddresses(text: string, rest: (part: string) => string): string {
    let [done, at] = ['', 0];
    for (const match of text.matchAll(ADDRESS)) {
      const pseudonym = this.addresses.ofNetwork(match[0]) ?? this.addresses.ofText(match[0]);
      if (pseudonym === undefined) continue;
      done += rest(text.slice(at, match.index)) + pseudonym;
      at = match.index + match[0].length;
    }
    return done + rest(text.slice(at));
  }
}
