// What the exam found: which verdict each scenario should get, which it got, and every answer that was wrong.
import type { CheckId } from '../core/analysis/finding.ts';
import { layoutColumns } from './column-layout.ts';
import { type Line, paintLines } from './line.ts';
import { formatCount, formatInteger } from './number-text.ts';
import type { Style } from './style.ts';

export const EXAM_OUTPUT_SCHEMA = 'portolan.dev/output/exam/v1';

/** One scenario diagnosed blind with one seed. */
export interface ExamAnswer {
  readonly scenario: string;
  readonly seed: number;
  /** The verdicts that count as right, the usual one first. */
  readonly expected: readonly CheckId[];
  readonly answered: CheckId;
  /** What is wrong with the answer; undefined when nothing is. */
  readonly wrong?: string;
  /** Why the scenario could not be staged; it then has no answer. */
  readonly skipped?: string;
}

/** Whether everything staged was named, and nothing else. */
export function isRight({ wrong }: ExamAnswer): boolean {
  return wrong === undefined;
}

/** Whether trouble was called fine: the worst mistake there is. */
export function isFalseFine(answer: ExamAnswer): boolean {
  return answer.answered === 'fine' && !isRight(answer);
}

/** The confusion matrix, the wrong answers by name, and the score last. */
export function formatExam(all: readonly ExamAnswer[], style: Style): string {
  const answers = all.filter((answer) => answer.skipped === undefined);
  const skipped = all.filter((answer) => answer.skipped !== undefined);
  const wrong = answers.filter((answer) => !isRight(answer));
  const lines: Line[] = [
    { text: 'rows: what it is; columns: what was answered' },
    ...matrixLines(answers).map((text) => ({ text })),
    ...wrong.map((answer) => wrongLine(answer, style)),
    ...skipped.map(({ scenario, seed, skipped: why }) => ({
      text: `${style.symbols.unknown} ${scenario} (seed ${seed}): skipped, ${why ?? ''}`,
    })),
    scoreLine(answers, { wrong: wrong.length, skipped: skipped.length }, style),
  ];
  return paintLines(lines, style.palette);
}

/** The plain object behind `portolan exam -o json`. */
export function examDocument(answers: readonly ExamAnswer[]) {
  return {
    schema: EXAM_OUTPUT_SCHEMA,
    answers: answers.map((answer) => ({
      scenario: answer.scenario,
      seed: answer.seed,
      expected: answer.expected,
      answered: answer.answered,
      right: isRight(answer),
      falseFine: isFalseFine(answer),
      skipped: answer.skipped ?? null,
    })),
    totals: {
      answers: answers.length,
      right: answers.filter(isRight).length,
      falseFine: answers.filter(isFalseFine).length,
    },
  };
}

function matrixLines(answers: readonly ExamAnswer[]): string[] {
  const expected = unique(answers.map(expectedOf));
  const answered = unique([...answers.map((answer) => answer.answered), ...expected]);
  const rows = expected.map((row) => [
    row,
    ...answered.map((column) =>
      cell(answers.filter((answer) => expectedOf(answer) === row && answer.answered === column).length),
    ),
  ]);
  return layoutColumns([['', ...answered], ...rows], { right: answered.map((_, index) => index + 1) });
}

/** A right answer counts on the diagonal, whichever of the right ones it was. */
function expectedOf(answer: ExamAnswer): string {
  return isRight(answer) ? answer.answered : (answer.expected[0] ?? 'fine');
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

function cell(count: number): string {
  return count === 0 ? '.' : formatInteger(count);
}

function wrongLine(answer: ExamAnswer, style: Style): Line {
  const { scenario, seed, wrong } = answer;
  return {
    text: `${style.symbols.critical} ${scenario} (seed ${seed}): ${wrong ?? ''}`,
    tone: 'critical',
    tonedCharacters: 1,
  };
}

function scoreLine(
  answers: readonly ExamAnswer[],
  { wrong, skipped }: { readonly wrong: number; readonly skipped: number },
  style: Style,
): Line {
  const falseFine = answers.filter(isFalseFine).length;
  const severity = wrong === 0 ? 'ok' : 'critical';
  const text = `${style.symbols[severity]} ${formatInteger(answers.length - wrong)} of ${formatCount(answers.length, 'verdict')} right, ${formatInteger(falseFine)} false fine${skipped === 0 ? '' : `, ${formatInteger(skipped)} skipped`}`;
  return { text, tone: severity, tonedCharacters: 1 };
}
