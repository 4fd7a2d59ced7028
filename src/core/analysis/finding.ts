// What one check says about one subject: data first, one sentence for a person.
import type { GapId } from '../model/gap.ts';
import type { PortSpace } from '../model/port-space.ts';

/** Every check has a page docs/checks/<id>.md and a file checks/<id>.ts. */
export const CHECK_IDS = [
  'exhausted',
  'churn',
  'recycled-too-early',
  'race',
  'table-full',
  'conflict',
  'leak',
  'pod-ephemeral-ports',
  'nearing',
  'rule-order',
  'range-protocol',
  'fine',
  'cannot-tell',
] as const;

export type CheckId = (typeof CHECK_IDS)[number];

export type Severity = 'critical' | 'warning' | 'info' | 'ok' | 'unknown';

export type Confidence = 'high' | 'medium' | 'low';

export type Subject = { readonly kind: 'node' } | { readonly kind: 'port-space'; readonly portSpace: PortSpace };

/** One number with its unit and where it came from. */
export interface Quantity {
  readonly value: number;
  /** `ports`, `1/s`, `s`, `probability`, `packets`, `share`. */
  readonly unit: string;
  readonly source: string;
}

export interface Finding {
  readonly check: CheckId;
  readonly severity: Severity;
  readonly subject: Subject;
  /** The verdict in plain words, without the numbers that `numbers` carries. */
  readonly sentence: string;
  readonly numbers: Readonly<Record<string, Quantity>>;
  /** How it was measured and what it rests on; shown by --explain. */
  readonly because: readonly string[];
  readonly confidence: Confidence;
  /** Why the method itself, with nothing out of sight, is not worth more than this confidence. */
  readonly confidenceReason?: string;
  /** Gaps that weaken this finding. */
  readonly gaps: readonly GapId[];
  /** A command or a step that helps, when one is known. */
  readonly remedy?: string;
}
