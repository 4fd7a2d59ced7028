// Puts a finding together: the check's own statement, weakened by the gaps that matter to it.
import type { SpaceContext } from './check-context.ts';
import { type GapWeights, OCCUPANCY_GAPS, weigh } from './confidence.ts';
import type { Confidence, Finding, Quantity, Subject } from './finding.ts';
import type { Gap, GapId } from '../model/gap.ts';

/** What a check says, before gaps. */
export interface Statement extends Pick<Finding, 'check' | 'severity' | 'sentence'> {
  readonly numbers?: Readonly<Record<string, Quantity>>;
  readonly because?: readonly string[];
  /** `high` unless the method itself is weaker. */
  readonly base?: Confidence;
  /** Why `base` is not `high`. */
  readonly confidenceReason?: string;
  readonly weights?: GapWeights;
  /** Gaps this finding always has, because no reading of this node closes them. */
  readonly alwaysGaps?: readonly GapId[];
  readonly remedy?: string | undefined;
}

/** A finding about one port space; occupancy gaps weaken it unless the statement names others. */
export function aboutSpace(context: SpaceContext, statement: Statement): Finding {
  const subject = { kind: 'port-space', portSpace: context.space } as const;
  const notes = context.effective.note === undefined ? [] : [`Range: ${context.effective.note}.`];
  const because = [...(statement.because ?? []), ...notes];
  return compose(context.facts.gaps, subject, { weights: OCCUPANCY_GAPS, ...statement, because });
}

/** A finding about the node. */
export function aboutNode(gaps: readonly Gap[], statement: Statement): Finding {
  return compose(gaps, { kind: 'node' }, statement);
}

function compose(gaps: readonly Gap[], subject: Subject, statement: Statement): Finding {
  const weighed = weigh(gaps, { base: statement.base ?? 'high', weights: statement.weights ?? {} });
  const isWeak = (statement.base ?? 'high') !== 'high' && statement.confidenceReason !== undefined;
  const reason = isWeak ? { confidenceReason: statement.confidenceReason } : {};
  const remedy = statement.remedy === undefined ? {} : { remedy: statement.remedy };
  return {
    check: statement.check,
    severity: statement.severity,
    subject,
    sentence: statement.sentence,
    numbers: statement.numbers ?? {},
    because: statement.because ?? [],
    confidence: weighed.confidence,
    ...reason,
    gaps: [...new Set([...weighed.gaps, ...(statement.alwaysGaps ?? [])])].toSorted(),
    ...remedy,
  };
}
