// Runs one function of a module in a worker thread that has a network namespace of its own, and hands its result back.
import { Worker } from 'node:worker_threads';

/** Names the function: the URL of its module (import.meta.url) and the export. */
export interface NamespaceTask {
  readonly module: string;
  readonly run: string;
}

/** Starts the thread, moves it into a new namespace, runs the task there. The namespace ends with the thread. */
export function inNamespace<Result>(task: NamespaceTask): Promise<Result> {
  const worker = new Worker(new URL('./namespace-thread.js', import.meta.url), { workerData: task });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => {
      reject(new Error(`The namespace thread ended with code ${code} before it answered`));
    });
  });
}
