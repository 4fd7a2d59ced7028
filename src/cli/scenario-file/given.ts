// A value of a scenario file with its place. Scalars are read as they were typed: 6.10 stays 6.10, whatever number it would be.
import { isAlias, isMap, isScalar, isSeq, type Pair } from 'yaml';
import { type ProblemList, shownText } from './problem-list.ts';

export class Given {
  /** `workloads[0].rate`; empty for the whole file. */
  readonly path: string;
  readonly problems: ProblemList;
  readonly #node: unknown;
  readonly #offset: number;

  /** @param offset where a value that is absent was expected. */
  constructor(node: unknown, { path, problems, offset }: { path: string; problems: ProblemList; offset: number }) {
    this.#node = node;
    this.path = path;
    this.problems = problems;
    this.#offset = offsetOf(node) ?? offset;
  }

  /** A scalar as typed, without quotes; undefined for maps, lists and nothing. */
  get text(): string | undefined {
    if (!isScalar(this.#node)) return undefined;
    const { value, source } = this.#node;
    if (typeof value === 'string') return value;
    return value === null || source === undefined ? undefined : source;
  }

  /** Whether a scalar stands there without quotes. */
  get isPlain(): boolean {
    return isScalar(this.#node) && this.#node.type === 'PLAIN';
  }

  /** The members of a list; undefined for anything else. */
  items(): Given[] | undefined {
    if (!isSeq(this.#node)) return undefined;
    return this.#node.items.map((item, index) => this.#inner(item, `${this.path}[${index}]`));
  }

  /** The keys and values of a map; undefined for anything else. */
  entries(): { readonly key: Given; readonly value: Given }[] | undefined {
    if (!isMap(this.#node)) return undefined;
    return this.#node.items.map((pair) => this.#entry(pair));
  }

  /** Says what stands there and what is wanted instead. */
  complain(wanted: string, given = this.shown()): void {
    this.say(`${given}, wanted ${wanted}`);
  }

  /** Says a problem at this place. */
  say(what: string): void {
    this.problems.add(this.#offset, this.path === '' ? what : `${this.path}: ${what}`);
  }

  shown(): string {
    if (isMap(this.#node)) return 'a map given';
    if (isSeq(this.#node)) return 'a list given';
    if (isAlias(this.#node)) return `*${shownText(this.#node.source)}, which stands for a value elsewhere`;
    return shownText(this.text ?? '');
  }

  get place(): string {
    return this.problems.placeOf(this.#offset);
  }

  #entry(pair: Pair): { key: Given; value: Given } {
    const key = this.#inner(pair.key, this.path);
    const name = shownText(key.text ?? '');
    const path = this.path === '' ? name : `${this.path}.${name}`;
    const offset = offsetOf(pair.key) ?? this.#offset;
    return { key, value: new Given(pair.value, { path, problems: this.problems, offset }) };
  }

  #inner(node: unknown, path: string): Given {
    return new Given(node, { path, problems: this.problems, offset: this.#offset });
  }
}

/** Where a node starts; a scalar that is not there has the place where it would stand. */
function offsetOf(node: unknown): number | undefined {
  if (!isScalar(node) && !isMap(node) && !isSeq(node) && !isAlias(node)) return undefined;
  return node.range?.[0];
}
