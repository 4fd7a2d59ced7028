// Reads the lines that capacity-curves.ts writes.
import type { CurveKind } from '../../src/core/alloc/capacity/capacity-curve.ts';
import type { Curve } from './measured-curve.ts';

export interface MeasuredCurve {
  readonly kind: CurveKind;
  readonly size: number;
  readonly points: Curve;
}

/** One curve per line of JSON, as this repository's own program wrote them. */
export function parseCurves(text: string): readonly MeasuredCurve[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as MeasuredCurve);
}
