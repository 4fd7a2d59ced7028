// Spreads survey jobs over threads, each of which takes the next one when it is done.
import { Worker } from 'node:worker_threads';
import type { SearchBehaviour } from '../../src/core/alloc/port-search.ts';
import type { JobAnswer, SurveyJob } from './measures/survey-job.ts';

export interface PoolOptions {
  readonly behaviour: SearchBehaviour;
  readonly threads: number;
  readonly onDone?: (done: number) => void;
}

/** @returns the answers in the order of the jobs. The first job that fails ends it all. */
export async function doJobs(jobs: readonly SurveyJob[], options: PoolOptions): Promise<readonly JobAnswer[]> {
  const answers: JobAnswer[] = [];
  let [next, done] = [0, 0];
  const work = async (worker: Worker): Promise<void> => {
    for (let index = next++; index < jobs.length; index = next++) {
      answers[index] = await ask(worker, jobs[index]);
      options.onDone?.((done += 1));
    }
  };
  const workers = Array.from(
    { length: options.threads },
    () => new Worker(new URL('./survey-worker.js', import.meta.url), { workerData: options.behaviour }),
  );
  try {
    await Promise.all(workers.map(work));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return answers;
}

function ask(worker: Worker, job: SurveyJob | undefined): Promise<JobAnswer> {
  return new Promise((resolve, reject) => {
    const answered = (answer: JobAnswer): void => settle(() => resolve(answer));
    const failed = (error: unknown): void =>
      settle(() => reject(error instanceof Error ? error : new Error(String(error))));
    const ended = (): void => failed(new Error('a survey thread ended without an answer'));
    const settle = (act: () => void): void => {
      worker.off('message', answered).off('error', failed).off('exit', ended);
      act();
    };
    worker.on('message', answered).on('error', failed).on('exit', ended);
    worker.postMessage(job);
  });
}
