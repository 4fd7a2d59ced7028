// All cases of the suite.
import type { ConformanceCase } from './conformance-case.ts';
import { EVICTION_CASES } from './eviction-cases.ts';
import { FLAG_CASES } from './flag-cases.ts';
import { GIVING_UP_CASES } from './giving-up-cases.ts';
import { SET_CASES } from './set-cases.ts';

export const CASES: readonly ConformanceCase[] = [...SET_CASES, ...GIVING_UP_CASES, ...EVICTION_CASES, ...FLAG_CASES];
