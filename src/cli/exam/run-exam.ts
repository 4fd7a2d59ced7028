// Runs every scenario with several seeds and diagnoses it blind.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { ExamAnswer } from '../../present/exam-table.ts';
import type { ExamOptions } from '../measures.ts';

/** @returns one answer per scenario and seed. */
export function runExam(options: ExamOptions): Promise<readonly ExamAnswer[]> {
  return Promise.reject(
    new PortolanError(
      'PTL_CANNOT_MEASURE',
      `Cannot run the exam with ${options.seeds} seeds: no lab is built in, wanted one`,
    ),
  );
}
