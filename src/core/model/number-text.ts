// Whole numbers and rates as people read them: `32,101`, `268/s`, `0.4/s`.

/** An integer with thousands separators, the same in every locale. */
export function formatInteger(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A number with at most one decimal below a hundred, none above. */
export function formatNumber(value: number): string {
  if (value === 0 || Math.abs(value) >= 99.95) return formatInteger(value);
  if (Math.abs(value) < 0.05) return value < 0 ? '0' : '<0.1';
  return value.toFixed(1).replace(/\.0$/, '');
}

/** Events per second: `268/s`. */
export function formatRate(perSecond: number): string {
  return `${formatNumber(perSecond >= 9.95 ? Math.round(perSecond) : perSecond)}/s`;
}

/** `1 port space`, `3 port spaces`. */
export function formatCount(count: number, noun: string): string {
  return `${formatInteger(count)} ${noun}${count === 1 ? '' : 's'}`;
}
