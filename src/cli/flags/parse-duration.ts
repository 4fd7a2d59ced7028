// Durations as people type them on a command line: `2s`, `500ms`, `1m`, `24h`.

/** What a duration flag must look like. */
export const DURATION_WANTED = 'a duration from 100ms to 10m, for example 500ms, 2s or 1m';

export interface DurationLimits {
  readonly shortestSeconds: number;
  readonly longestSeconds: number;
}

const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };
const WATCHING: DurationLimits = { shortestSeconds: 0.1, longestSeconds: 600 };

/** Seconds, or undefined when the text is no duration within the limits. A bare number is refused: its unit would be a guess. */
export function parseDuration(text: string, limits: DurationLimits = WATCHING): number | undefined {
  const match = /^(\d{1,7}(?:\.\d{1,3})?)(ms|s|m|h|d)$/.exec(text);
  if (match === null) return undefined;
  const milliseconds = Number(match[1]) * (SECONDS[match[2] ?? ''] ?? Number.NaN) * 1000;
  const seconds = milliseconds / 1000;
  return seconds >= limits.shortestSeconds && seconds <= limits.longestSeconds ? seconds : undefined;
}
