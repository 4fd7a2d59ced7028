// Random churn beside whatever else this process does.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

export interface ChurnStart {
  readonly seed: number;
  /** Flows alive at once, about. */
  readonly most: number;
}

export interface ChurnReport {
  readonly steps: number;
  readonly live: number;
}

/** Starts it. @returns a function that ends it. */
export function startChurn(start: ChurnStart): () => Promise<ChurnReport> {
  const worker = new Worker(new URL('./churn-thread.js', import.meta.url), { workerData: start });
  const failed = once(worker, 'error').then(([error]: unknown[]) => Promise.reject(error as Error));
  failed.catch(() => undefined);
  return async () => {
    const report = once(worker, 'message') as Promise<[ChurnReport]>;
    worker.postMessage('stop');
    const [answer] = await Promise.race([report, failed]);
    return answer;
  };
}
