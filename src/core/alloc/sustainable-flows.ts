// How many flows a range bears at once before a given share of new ones is lost.
// The search is linear probing from a start that favours the low part of most ranges, so there is no closed form: n(P) was
// found by simulation (bench/sustainable-flows.ts: Poisson arrivals, fixed hold, blocked flows lost) and is interpolated.
import { type PortRange, rangeSize } from '../model/port-range.ts';
import { HARDER_THRESHOLD, type SearchBehaviour, searchWindows } from './port-search.ts';

/** Drop probabilities of the table's columns. */
const TARGETS = [1e-4, 1e-3, 1e-2] as const;

/** Range size, then the flows that fit at 1e-4, 1e-3 and 1e-2. */
const TABLE: readonly (readonly [size: number, fits4: number, fits3: number, fits2: number])[] = [
  [150, 112, 120, 130],
  [256, 203, 214, 231],
  [512, 423, 445, 473],
  [1024, 866, 909, 958],
  [4096, 3551, 3684, 3851],
  [16_384, 14_333, 14_791, 15_468],
  [18_000, 14_781, 15_548, 16_883],
  [20_000, 16_212, 17_625, 18_871],
  [21_845, 19_098, 19_784, 20_659],
  [24_576, 19_638, 20_674, 22_687],
  [28_000, 21_102, 23_538, 26_260],
  [30_000, 23_713, 26_347, 28_249],
  [32_768, 28_682, 29_598, 30_970],
  [35_536, 28_891, 30_036, 31_877],
  [37_536, 29_075, 30_274, 32_683],
  [40_960, 29_482, 30_934, 34_806],
  [45_536, 30_185, 32_679, 39_527],
  [49_152, 31_130, 35_471, 44_013],
  [55_296, 35_734, 44_985, 51_162],
  [57_344, 40_166, 48_482, 53_287],
  [60_746, 48_749, 53_235, 56_889],
  [64_512, 55_790, 58_200, 61_006],
];

/**
 * Flows to one remote that may be held at once while a new one is lost with `targetProbability`.
 *
 * With eviction the answer counts live flows only and assumes that closing entries hold every other port. Interpolated
 * between simulated sizes: at 10,000, 19,000, 34,000 and 53,000 ports, between the table's rows, within 3 % of a direct
 * simulation (within 2 % at 1e-3); at the rows themselves the simulation's own error, about 0.5 %, is all there is.
 *
 * @param range What the rule allows.
 * @param behaviour How this kernel searches; `unknown` counts as windows without eviction.
 * @param targetProbability 1e-4 .. 1e-2; anything outside is taken as the nearer end where windows are searched.
 */
export function sustainableFlows(range: PortRange, behaviour: SearchBehaviour, targetProbability: number): number {
  const size = rangeSize(range);
  const scansAll = behaviour.search === 'full-scan' || searchWindows(size).length === 1;
  const fits = scansAll ? offeredLoad(size, targetProbability) : interpolate(size, targetProbability);
  return behaviour.evictsClosing === 'yes' && behaviour.search !== 'full-scan'
    ? Math.min(fits, liveAmongClosing(size, targetProbability))
    : fits;
}

/** Every port is live or closing: each candidate that may be evicted refuses with (1 + live) / 2, 120 of them in all windows. */
function liveAmongClosing(size: number, targetProbability: number): number {
  const candidates = searchWindows(size).reduce((total, width) => total + Math.min(width, HARDER_THRESHOLD), 0);
  return Math.max(0, size * (2 * targetProbability ** (1 / candidates) - 1));
}

/** A complete scan loses a flow only when all ports are held: Erlang's loss formula, whatever the hold time's distribution. */
function offeredLoad(size: number, targetProbability: number): number {
  let [low, high] = [0, size * 2];
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (erlangB(size, middle) > targetProbability) high = middle;
    else low = middle;
  }
  return low;
}

function erlangB(ports: number, offered: number): number {
  let loss = 1;
  for (let port = 1; port <= ports; port += 1) loss = (offered * loss) / (port + offered * loss);
  return loss;
}

function interpolate(size: number, targetProbability: number): number {
  const upper = TABLE.findIndex(([nodeSize]) => nodeSize >= size);
  const above = TABLE[upper] ?? TABLE.at(-1);
  const below = TABLE[upper - 1] ?? above;
  if (above === undefined || below === undefined) return 0;
  const weight = above[0] === below[0] ? 0 : (size - below[0]) / (above[0] - below[0]);
  const [left, right] = [atTarget(below, targetProbability), atTarget(above, targetProbability)];
  if (upper === 0) return (left * size) / below[0];
  return left + weight * (right - left);
}

/** Linear in the logarithm of the probability between two columns. */
function atTarget(row: (typeof TABLE)[number], targetProbability: number): number {
  const [, fits4, fits3, fits2] = row;
  const position = Math.log10(Math.min(Math.max(targetProbability, TARGETS[0]), TARGETS[2])) + 4;
  return position <= 1 ? fits4 + position * (fits3 - fits4) : fits3 + (position - 1) * (fits2 - fits3);
}
