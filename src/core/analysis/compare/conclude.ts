// What a comparison comes to, in one sentence: the worst first.
import { formatCount } from '../../model/number-text.ts';
import { oneInN } from '../../model/one-in-n.ts';
import { formatPortSpace } from '../../model/port-space.ts';
import { protocolName } from '../../model/protocol.ts';
import type { Comparison, NodeChange, SpaceComparison, Trend } from './comparison.ts';
import { isTrouble } from './trend.ts';

const NOT_ENOUGH = 'one of the two does not show enough';

type Compared = Pick<Comparison, 'portSpaces' | 'node' | 'trend'>;

export function conclude(compared: Compared): string {
  const { portSpaces, trend } = compared;
  const subjects = (wanted: Trend): string[] => subjectsOf(compared, wanted);
  const better = subjects('better');
  const alsoBetter = better.length === 0 ? '' : ` ${formatCount(better.length, 'thing')} got better.`;
  switch (trend) {
    case 'worse':
      return `Worse: ${firstOf(subjects('worse'))}.${alsoBetter}`;
    case 'unclear':
      return `Cannot tell: ${firstOf([...subjects('unclear'), NOT_ENOUGH])}.${alsoBetter}`;
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

/** What a list of many nodes says of one. */
export interface LeadingChange {
  /** Undefined where nothing changed. */
  readonly change: string | undefined;
  /** So many more of the same trend. */
  readonly otherChanges: number;
}

export function leadingChange(compared: Compared): LeadingChange {
  const subjects = compared.trend === 'same' ? [] : subjectsOf(compared, compared.trend);
  const fallback = compared.trend === 'unclear' ? NOT_ENOUGH : undefined;
  return { change: subjects[0] ?? fallback, otherChanges: Math.max(0, subjects.length - 1) };
}

function subjectsOf({ portSpaces, node }: Compared, wanted: Trend): string[] {
  return [
    ...portSpaces.filter((space) => space.trend === wanted).map(spaceSentence),
    ...node.filter((change) => change.trend === wanted).map(changeSentence),
  ];
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
