// Gaps of several readings, each said once.
import type { Gap } from '../core/model/gap.ts';

export function uniqueGaps(gaps: readonly Gap[]): Gap[] {
  return [...new Map(gaps.map((gap) => [`${gap.id} ${gap.what} ${gap.why}`, gap])).values()];
}
