// Which remedy of a saved plan changes natPortRange: the lab has no controllers, so a spread never rolls out there.
import { readFileSync } from 'node:fs';
import { valueAt } from '../api-request.ts';

/** The number of the best one. */
export function savedWidening(file: string): number {
  const plan: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const remedies = valueAt(plan, 'remedies');
  const isWidening = (remedy: unknown): boolean => valueAt(remedy, 'change', 'kind') === 'nat-port-range';
  const ranks = (Array.isArray(remedies) ? remedies : []).filter(isWidening).map((remedy) => valueAt(remedy, 'rank'));
  const rank = ranks.find((value) => typeof value === 'number');
  if (typeof rank !== 'number') throw new Error(`no widening in ${JSON.stringify(plan)}`);
  return rank;
}
