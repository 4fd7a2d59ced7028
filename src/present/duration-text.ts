// Durations as people say them: `0.4 s`, `118 s`, `4 min`, `5 d`.
import { formatNumber } from './number-text.ts';

/** Seconds in the largest unit that still leaves at least two of it; seconds up to two minutes. */
export function formatSeconds(seconds: number): string {
  if (seconds < 120) return `${formatNumber(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}
