// All cases of the suite.
import type { ConformanceCase } from './conformance-case.ts';
import { SET_CASES } from './set-cases.ts';

export const CASES: readonly ConformanceCase[] = [...SET_CASES];
