// Durations as people type them on a command line: `2s`, `500ms`, `1m`.

/** What a duration flag must look like. */
export const DURATION_WANTED = 'a duration from 100ms to 10m, for example 500ms, 2s or 1m';

const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };
const SHORTEST_SECONDS = 0.1;
const LONGEST_SECONDS = 600;

/** Seconds, or undefined when the text is no duration within the limits. A bare number is refused: its unit would be a guess. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,7}(?:\.\d{1,3})?)(ms|s|m)$/.exec(text);
  if (match === null) return undefined;
  const seconds = (Number(match[1]) * (MILLISECONDS[match[2] ?? ''] ?? Number.NaN)) / 1000;
  return seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS ? seconds : undefined;
}
