// Where the ticks of an axis stand: round numbers for counts, round times for time.

const STEPS = [1, 2, 2.5, 5, 10];
const SECOND_STEPS = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800,
  432_000,
];

/** Ticks from 0 to `most` or the next round number above it; a count has no halves. */
export function countTicks(most: number, wanted: number): number[] {
  const raw = Math.max(1, most) / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = Math.max(1, Math.ceil((STEPS.find((factor) => factor * power >= raw) ?? 10) * power));
  return multiples(step, Math.ceil(Math.max(1, most) / step) * step);
}

/** Ticks from 0 to `end` seconds, at most `most` steps. */
export function timeTicks(end: number, most: number): number[] {
  return multiples(SECOND_STEPS.find((step) => end / step <= most) ?? end / most, end);
}

function multiples(step: number, last: number): number[] {
  return Array.from({ length: Math.floor(last / step + 1e-9) + 1 }, (_, index) => index * step);
}
