// Two looks at a node in, what got worse, better, came and went out. Pure: same looks, same comparison.
import { formatCount } from '../../model/number-text.ts';
import { oneInN } from '../../model/one-in-n.ts';
import { formatPortSpace } from '../../model/port-space.ts';
import { protocolName } from '../../model/protocol.ts';
import { compareNode } from './compare-node.ts';
import { compareSpaces } from './compare-spaces.ts';
import type { Comparison, NodeChange, SpaceComparison, Trend } from './comparison.ts';
import type { Moment } from './moment.ts';
import { isTrouble, worstTrend } from './trend.ts';

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

function conclude({ portSpaces, node, trend }: Pick<Comparison, 'portSpaces' | 'node' | 'trend'>): string {
  const subjects = (wanted: Trend): string[] => [
    ...portSpaces.filter((space) => space.trend === wanted).map(spaceSentence),
    ...node.filter((change) => change.trend === wanted).map(changeSentence),
  ];
  const better = subjects('better');
  const alsoBetter = better.length === 0 ? '' : ` ${formatCount(better.length, 'thing')} got better.`;
  switch (trend) {
    case 'worse':
      return `Worse: ${firstOf(subjects('worse'))}.${alsoBetter}`;
    case 'unclear':
      return `Cannot tell: ${firstOf([...subjects('unclear'), 'one of the two does not show enough'])}.${alsoBetter}`;
    case 'better':
      return `Better: ${firstOf(better)}; nothing got worse.`;
    case 'changed':
    case 'same': {
      const troubled = portSpaces.filter(({ after }) => after !== undefined && isTrouble(after.severity));
      const still = troubled.length === 0 ? '' : `: ${firstOf(troubled.map(spaceSentence))}`;
      return `Not worse, not better${still}.`;
    }
  }
}

function firstOf(sentences: readonly string[]): string {
  const [first = ''] = sentences;
  return sentences.length > 1 ? `${first}; and ${formatCount(sentences.length - 1, 'other')}` : first;
}

function spaceSentence({ portSpace, before, after, flowsBefore, flowsAfter }: SpaceComparison): string {
  const name = formatPortSpace({ ...portSpace, index: 0, flows: flowsAfter }, protocolName(portSpace.protocol));
  const [was, is] = [before?.findings[0]?.check ?? quiet(flowsBefore), after?.findings[0]?.check ?? quiet(flowsAfter)];
  if (was !== is) return `${name} went from ${was} to ${is}`;
  const [earlier, now] = [before, after].map((row) => oneInN(row?.dropProbability ?? 0));
  const chances = earlier === now ? `loses ${now ?? ''} as before` : `loses ${now ?? ''} now, ${earlier ?? ''} before`;
  return `${name} is still ${is}: it ${chances}`;
}

/** Not charted: nearly empty, or not there at all. */
function quiet(flows: number): string {
  return flows === 0 ? 'unused' : 'quiet';
}

function changeSentence({ what, before, after }: NodeChange): string {
  return `${what} went from ${before} to ${after}`;
}
