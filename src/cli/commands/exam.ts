// portolan exam: every scenario diagnosed blind; wrong verdicts and false "fine" are failures.
import { NAT_FLAVOURS } from '../../lab/nat-flavour.ts';
import { type ExamAnswer, examDocument, formatExam, isRight } from '../../present/exam-table.ts';
import type { CommandInput } from '../command-spec.ts';
import { FAILED, FINE } from '../exit-code.ts';
import { printDocument } from '../print-document.ts';
import { withProgress } from '../progress-line.ts';

const MOST_SEEDS = 1000;

/** @returns 0 when every verdict is right, else 1; with CI=true also 1 when a scenario was skipped. */
export async function runExamCommand(input: CommandInput): Promise<number> {
  const { surroundings, flags, style, format } = input;
  const seeds = flags.count('seeds', { fallback: 1, most: MOST_SEEDS });
  const flavour = flags.choice('flavour', NAT_FLAVOURS, 'nftables');
  flags.finish();
  await surroundings.isolate();
  const { cpus, measures, signal, stdout, variables } = surroundings;
  const answers = await withProgress(input, (progress) => measures.runExam({ seeds, flavour, cpus, signal, progress }));
  if (format === 'json' || format === 'yaml') await printDocument(examDocument(answers), format, stdout);
  else stdout.write(formatExam(answers, style));
  return isPassed(answers, variables['CI'] === 'true') ? FINE : FAILED;
}

/** Nothing staged proves nothing, and CI must be able to stage everything. */
function isPassed(answers: readonly ExamAnswer[], isCi: boolean): boolean {
  const sat = answers.filter((answer) => answer.skipped === undefined);
  if (isCi && sat.length < answers.length) return false;
  return sat.length > 0 && sat.every(isRight);
}
