// A thread that does survey jobs: in a network namespace of its own when it may ask the kernel.
import { closeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { seededRandom } from '../../src/core/alloc/seeded-random.ts';
import type { SearchBehaviour } from '../../src/core/alloc/port-search.ts';
import { createNetns } from '../../src/kernel/netns/network-namespace.ts';
import { makerOf } from './implementations.ts';
import { KernelNode } from './kernel/kernel-node.ts';
import { prepareNamespace } from './kernel/test-namespace.ts';
import { doJob, type JobAnswer, type SurveyJob } from './measures/survey-job.ts';
import type { NodeMaker } from './nat-node.ts';

const behaviour = workerData as SearchBehaviour;
closeSync(createNetns());
prepareNamespace();

function makerFor({ subject, seed }: SurveyJob): NodeMaker {
  const random = seededRandom(seed * 7919 + 1);
  if (subject === 'kernel') return (rule) => new KernelNode(rule, { behaviour, random, fixesClosing: false });
  return makerOf(subject, { behaviour, random });
}

parentPort?.on('message', (job: SurveyJob) => {
  const answer: JobAnswer = doJob(job, { make: makerFor(job), random: seededRandom(job.seed), counting: behaviour });
  parentPort?.postMessage(answer);
});
