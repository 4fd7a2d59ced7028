// Text of `ipset list` and `ipset save`: the networks in each set, as far as a rule's test can be told by them.
import { familyOf, parseAddress } from '../../core/model/address.ts';

export interface IpSet {
  readonly name: string;
  /** CIDRs or addresses. */
  readonly networks: readonly string[];
  /** False: the text ends too early, it holds what is no network, or exceptions (`nomatch`). */
  readonly isWhole: boolean;
}

interface Draft {
  readonly name: string;
  readonly networks: string[];
  isWhole: boolean;
  /** `Number of entries`; undefined where the text does not count. */
  expected: number | undefined;
}

/** Types whose members are nothing but addresses. */
const ADDRESS_TYPES: ReadonlySet<string> = new Set(['hash:net', 'hash:ip']);

/** In the order of the text; the last of a name counts. Never throws. */
export function parseIpset(text: string): readonly IpSet[] {
  const reader = new IpsetReader();
  for (const line of text.split('\n')) reader.line(line.trim());
  return reader.finish(text.endsWith('\n'));
}

class IpsetReader {
  readonly #sets = new Map<string, Draft>();
  /** Of `ipset list`: whose members follow. */
  #listed: Draft | undefined;
  #isInMembers = false;
  #type = '';
  #last: Draft | undefined;

  line(line: string): void {
    const [word = '', name = '', value = '', ...rest] = line.split(/\s+/);
    if (word === 'create' && name !== '') this.#begin(name, value);
    else if (word === 'add' && name !== '') add(this.#sets.get(name), [value, ...rest]);
    else if (word === 'Name:' && name !== '') this.#list(name);
    else this.#detail(line, { word, rest: [name, value, ...rest].filter((each) => each !== '') });
  }

  finish(isLastLineWhole: boolean): readonly IpSet[] {
    const last = this.#last;
    // `ipset save` has no end mark: its last set may have had more members.
    if (last !== undefined && (!isLastLineWhole || last.expected === undefined)) last.isWhole = false;
    return [...this.#sets.values()].map(({ name, networks, isWhole, expected }) => ({
      name,
      networks,
      isWhole: isWhole && (expected === undefined || expected === networks.length),
    }));
  }

  #begin(name: string, type: string): Draft {
    const draft = { name, networks: [], isWhole: ADDRESS_TYPES.has(type), expected: undefined };
    this.#sets.set(name, draft);
    this.#last = draft;
    return draft;
  }

  #list(name: string): void {
    this.#listed = this.#begin(name, '');
    // Until its members begin, nothing says that they will.
    this.#isInMembers = false;
  }

  #detail(line: string, { word, rest }: { readonly word: string; readonly rest: readonly string[] }): void {
    const listed = this.#listed;
    if (listed === undefined) return;
    if (word === 'Type:') this.#type = rest[0] ?? '';
    else if (line.startsWith('Number of entries: ')) listed.expected = Number(rest.at(-1));
    else if (word === 'Members:') {
      this.#isInMembers = true;
      listed.isWhole = ADDRESS_TYPES.has(this.#type);
    } else if (line === '' || line.startsWith('#')) this.#isInMembers = false;
    else if (this.#isInMembers) add(listed, [word, ...rest]);
  }
}

function add(draft: Draft | undefined, [value = '', ...options]: readonly string[]): void {
  if (draft === undefined) return;
  if (options.includes('nomatch') || !isNetwork(value)) draft.isWhole = false;
  else draft.networks.push(value);
}

function isNetwork(text: string): boolean {
  const [address = '', length, ...more] = text.split('/');
  const bytes = parseAddress(address);
  if (bytes === undefined || more.length > 0) return false;
  const most = familyOf(bytes) === 4 ? 32 : 128;
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= most);
}
