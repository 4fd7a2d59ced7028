// All cases of the suite, by what they are about.
import type { ConformanceCase } from './conformance-case.ts';
import { EVICTION_CASES } from './eviction-cases.ts';
import { FLAG_CASES } from './flag-cases.ts';
import { GIVING_UP_CASES } from './giving-up-cases.ts';
import { SET_CASES } from './set-cases.ts';

export const CASE_GROUPS: readonly { readonly title: string; readonly cases: readonly ConformanceCase[] }[] = [
  { title: 'who gets which ports', cases: SET_CASES },
  { title: 'when a search gives up, and what it counts', cases: GIVING_UP_CASES },
  { title: 'what a new flow takes over', cases: EVICTION_CASES },
  { title: 'flags, port classes, parts, addresses, echoes, IPv6', cases: FLAG_CASES },
];

export const CASES: readonly ConformanceCase[] = CASE_GROUPS.flatMap(({ cases }) => cases);
