// A chance that comes from simulated capacities, with no more figures than those are worth: `1 in 1,100`, `less than 1 in 10^6`.
import { oneInN } from './one-in-n.ts';

/** Nothing rarer was simulated: below it the model gives a bound or an extrapolation (alloc/capacity/tabled-curve.ts). */
export const RAREST_ESTIMATE = 1e-6;

/** From here on the table's own error is some per cent of the chance, below it several times that. */
const TWO_FIGURES_FROM = 1e-4;

/** From here on oneInN says one figure by itself. */
const SHORT_FROM = 0.3;

/** The chance 0..1 in words: two figures, one below 1e-4, and no figure where nothing was measured. */
export function estimatedChance(chance: number): string {
  if (!(chance > 0 && chance <= SHORT_FROM)) return oneInN(chance);
  if (chance < RAREST_ESTIMATE) return 'less than 1 in 10^6';
  return oneInN(1 / Number((1 / chance).toPrecision(chance < TWO_FIGURES_FROM ? 1 : 2)));
}
