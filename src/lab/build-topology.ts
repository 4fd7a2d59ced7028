// Has a topology plan carried out by a thread and takes over the namespaces it made.
import { Worker } from 'node:worker_threads';
import { PortolanError } from '../core/errors/portolan-error.ts';
import { buildAnswer } from './thread-messages.ts';
import type { BuildAnswer, BuiltTopology, TopologyPlan } from './topology-plan.ts';

/** The caller owns the descriptors. Errors: PTL_LAB. */
export async function buildTopology(plan: TopologyPlan): Promise<BuiltTopology> {
  const worker = new Worker(new URL('./build-worker.js', import.meta.url), {
    workerData: plan,
    // The namespaces outlive the thread that opened them.
    trackUnmanagedFds: false,
  });
  const answer = await new Promise<BuildAnswer>((resolve, reject) => {
    worker.once('message', (message: unknown) => resolve(buildAnswer(message)));
    worker.once('error', reject);
  });
  if (!answer.ok) throw new PortolanError('PTL_LAB', `Cannot build the lab: ${answer.message}`);
  return answer.built;
}
