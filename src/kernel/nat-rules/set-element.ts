// Elements of nftables sets and maps: NFTA_SET_ELEM_* decoded, interval ends paired into closed ranges.
import type { AttributeReader } from '../netlink/attribute-reader.ts';
import type { RuleVerdict } from '../../core/nat-rules/kernel-rule.ts';
import { readData } from './nft-data.ts';

const NFTA_LIST_ELEM = 1;
const NFTA_SET_ELEM_KEY = 1;
const NFTA_SET_ELEM_DATA = 2;
const NFTA_SET_ELEM_FLAGS = 3;
const NFTA_SET_ELEM_KEY_END = 10;
const NFT_SET_ELEM_INTERVAL_END = 1;
const NFT_SET_ELEM_CATCHALL = 2;

/** An element as the kernel sends it. */
export interface RawElement {
  readonly key: Uint8Array;
  readonly keyEnd: Uint8Array | undefined;
  readonly flags: number;
  readonly verdict: RuleVerdict | undefined;
}

/** Keys from `first` to `last`, both included. */
export interface SetElement {
  readonly first: Uint8Array;
  readonly last: Uint8Array;
  readonly verdict: RuleVerdict | undefined;
}

/** Appends the elements of one NFTA_SET_ELEM_LIST_ELEMENTS attribute. */
export function readElements(list: AttributeReader, into: RawElement[]): void {
  while (list.next()) if (list.type === NFTA_LIST_ELEM) into.push(readElement(list.nested()));
}

function readElement(attributes: AttributeReader): RawElement {
  let key = new Uint8Array(0);
  let keyEnd: Uint8Array | undefined;
  let flags = 0;
  let verdict: RuleVerdict | undefined;
  while (attributes.next()) {
    if (attributes.type === NFTA_SET_ELEM_KEY) key = new Uint8Array(readData(attributes.nested()).value);
    else if (attributes.type === NFTA_SET_ELEM_KEY_END) keyEnd = readData(attributes.nested()).value;
    else if (attributes.type === NFTA_SET_ELEM_FLAGS) flags = attributes.be32();
    else if (attributes.type === NFTA_SET_ELEM_DATA) verdict = readData(attributes.nested()).verdict;
  }
  return { key, keyEnd, flags, verdict };
}

/** Pairs starts with ends, in the order of keys; a catch-all element has no key and is left out. */
export function pairIntervals(elements: readonly RawElement[], isInterval: boolean): SetElement[] {
  const keyed = elements.filter((element) => element.key.length > 0 && (element.flags & NFT_SET_ELEM_CATCHALL) === 0);
  const paired = isInterval && keyed.every((element) => element.keyEnd === undefined);
  const sorted = keyed.toSorted((left, right) => compareBytes(left.key, right.key) || endFirst(left, right));
  if (paired) return pairEnds(sorted);
  return sorted.map(({ key, keyEnd, verdict }) => ({ first: key, last: keyEnd ?? key, verdict }));
}

/** The element that answers for every other key, if there is one. */
export function catchAll(elements: readonly RawElement[]): RawElement | undefined {
  return elements.find((element) => (element.flags & NFT_SET_ELEM_CATCHALL) !== 0);
}

/** nft_set_rbtree: an interval is a start and the next end, which is one past the last key and may be missing at the top. */
function pairEnds(sorted: readonly RawElement[]): SetElement[] {
  const intervals: SetElement[] = [];
  for (const [index, element] of sorted.entries()) {
    if (isEnd(element)) continue;
    const next = sorted[index + 1];
    const last = next === undefined ? new Uint8Array(element.key.length).fill(0xff) : decremented(next.key);
    intervals.push({ first: element.key, last, verdict: element.verdict });
  }
  return intervals;
}

function isEnd(element: RawElement): boolean {
  return (element.flags & NFT_SET_ELEM_INTERVAL_END) !== 0;
}

function endFirst(left: RawElement, right: RawElement): number {
  return Number(isEnd(right)) - Number(isEnd(left));
}

function compareBytes(left: Uint8Array, right: Uint8Array): number {
  for (let at = 0; at < left.length; at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function decremented(key: Uint8Array): Uint8Array {
  const lower = key.slice();
  for (let at = lower.length - 1; at >= 0; at -= 1) {
    const byte = lower[at] ?? 0;
    lower[at] = (byte - 1) & 0xff;
    if (byte !== 0) return lower;
  }
  return lower;
}
