// Two looks at a node in, what got worse, better, came and went out. Pure: same looks, same comparison.
import { compareNode } from './compare-node.ts';
import { compareSpaces } from './compare-spaces.ts';
import type { Comparison, Trend } from './comparison.ts';
import { conclude } from './conclude.ts';
import type { Moment } from './moment.ts';
import { worstTrend } from './trend.ts';

export function compareDiagnoses(before: Moment, after: Moment): Comparison {
  const portSpaces = compareSpaces(before, after);
  const node = compareNode(before, after);
  const trend = worstTrend([...portSpaces, ...node, answerTrend(before, after)].map((part) => part.trend));
  return {
    before: { node: before.diagnosis.node, at: before.diagnosis.at },
    after: { node: after.diagnosis.node, at: after.diagnosis.at },
    portSpaces,
    node,
    trend,
    conclusion: conclude({ portSpaces, node, trend }),
  };
}

/** A look that says nothing cannot say that nothing got worse. */
function answerTrend({ diagnosis: before }: Moment, { diagnosis: after }: Moment): { readonly trend: Trend } {
  const isBlind = after.severity === 'unknown' || before.severity === 'unknown';
  return { trend: isBlind ? 'unclear' : 'same' };
}
