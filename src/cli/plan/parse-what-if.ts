// `--what-if natPortRange=20000:65535,nodes=3`: what is to be changed for a look, and everything that is wrong with the text.
import type { WhatIfRequest } from '../../core/advice/plan.ts';
import type { SearchBehaviour } from '../../core/alloc/port-search.ts';
import { eraBehaviour, eraOfRelease } from '../../core/alloc/kernel-era.ts';
import { type PortRange, parseRange } from '../../core/model/port-range.ts';
import type { TextForm } from '../flags/flag-reader.ts';
import { didYouMean } from '../flags/suggestion.ts';
import { countForm, HOLD, RATE } from './figure-forms.ts';

export const MOST_NODES = 100_000;
export const MOST_PODS = 1_000_000;
export const MOST_ADDRESSES = 256;

/** A release of Linux, for what its port search does. */
export const KERNEL: TextForm<SearchBehaviour> = {
  wanted: 'a release of Linux, for example 5.15, 6.1 or 6.12',
  parse: (text) => {
    const era = eraOfRelease(text);
    return era === undefined ? undefined : eraBehaviour(era);
  },
};

export const RANGE: TextForm<PortRange> = {
  wanted: 'FIRST:LAST with 1 <= FIRST <= LAST <= 65535, for example 32768:65535',
  parse: (text) => {
    const parsed = parseRange(text);
    return parsed.ok ? parsed.range : undefined;
  },
};

interface Key {
  readonly wanted: string;
  readonly read: (text: string) => Omit<WhatIfRequest, 'title'> | undefined;
}

const KEYS: Readonly<Record<string, Key>> = {
  natPortRange: key(RANGE, (natPortRange) => ({ natPortRange })),
  nodes: key(countForm(1, MOST_NODES), (nodes) => ({ nodes })),
  pods: key(countForm(1, MOST_PODS), (pods) => ({ pods })),
  rate: key(RATE, (perSecond) => ({ perSecond })),
  hold: key(HOLD, (holdSeconds) => ({ holdSeconds })),
  live: key(HOLD, (liveSeconds) => ({ liveSeconds })),
  addresses: key(countForm(1, MOST_ADDRESSES), (addresses) => ({ addresses })),
  kernel: key(KERNEL, (behaviour) => ({ behaviour })),
};

function key<Value>({ parse, wanted }: TextForm<Value>, place: (value: Value) => Omit<WhatIfRequest, 'title'>): Key {
  return {
    wanted,
    read: (text) => {
      const value = parse(text);
      return value === undefined ? undefined : place(value);
    },
  };
}

const NAMES = Object.keys(KEYS);

export const WHAT_IF_WANTED = `KEY=VALUE with ${NAMES.slice(0, -1).join(', ')} or ${NAMES.at(-1) ?? ''}, several with commas, for example natPortRange=20000:65535`;

/** What is asked, or a sentence per problem. */
export function parseWhatIf(text: string): WhatIfRequest | readonly string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  let request: WhatIfRequest = { title: text };
  for (const part of text.split(',')) {
    const name = part.split('=', 1)[0] ?? '';
    const change = readPart(part, name, problems);
    if (seen.has(name)) problems.push(`Cannot read --what-if: ${name} twice in ${text}, wanted it once`);
    seen.add(name);
    request = { ...request, ...change };
  }
  return problems.length === 0 ? request : problems;
}

function readPart(part: string, name: string, problems: string[]): Omit<WhatIfRequest, 'title'> {
  const known = Object.hasOwn(KEYS, name) ? KEYS[name] : undefined;
  if (known === undefined || !part.includes('=')) {
    const meant = known === undefined ? didYouMean(name, NAMES) : '';
    problems.push(`Cannot read --what-if: ${part === '' ? '"" given' : part}, wanted ${WHAT_IF_WANTED}${meant}`);
    return {};
  }
  const value = part.slice(name.length + 1);
  const change = known.read(value);
  if (change === undefined)
    problems.push(`Cannot read --what-if ${name}: ${value === '' ? '"" given' : value}, wanted ${known.wanted}`);
  return change ?? {};
}
