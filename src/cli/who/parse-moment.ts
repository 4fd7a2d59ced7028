// `2026-01-31T03:12:00Z` or `10m`: which moment is asked about. A time without its offset is refused: whose it is would be a guess.
import { parseDuration } from '../flags/parse-duration.ts';
import type { TextForm } from '../flags/flag-reader.ts';

/** A time of day in wall-clock milliseconds, or so long ago. */
export type Moment = { readonly milliseconds: number } | { readonly secondsAgo: number };

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)$/;
const AGO = { shortestSeconds: 0, longestSeconds: 30 * 86_400 };

export const MOMENT: TextForm<Moment> = {
  parse: (text) => {
    const secondsAgo = parseDuration(text.replace(/ ago$/, ''), AGO);
    if (secondsAgo !== undefined) return { secondsAgo };
    const milliseconds = RFC_3339.test(text) ? Date.parse(text.toUpperCase().replace(' ', 'T')) : Number.NaN;
    return Number.isNaN(milliseconds) ? undefined : { milliseconds };
  },
  wanted: 'a time with its offset or how long ago, for example 2026-01-31T03:12:00Z or 10m',
};

/** In wall-clock milliseconds. */
export function momentAt(moment: Moment, nowMilliseconds: number): number {
  return 'milliseconds' in moment ? moment.milliseconds : nowMilliseconds - moment.secondsAgo * 1000;
}
