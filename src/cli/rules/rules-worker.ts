// Thread that moves into a namespace, reads its NAT rules and posts them: the main thread never changes namespaces.
import { parentPort, workerData } from 'node:worker_threads';
import { readNatRules } from '../../kernel/nat-rules/read-nat-rules.ts';
import { enterNetns } from '../../kernel/netns/network-namespace.ts';

/** What the starter passes. */
export interface RulesWorkerInput {
  readonly netns: string;
}

const input = workerData as RulesWorkerInput;
enterNetns(input.netns);
parentPort?.postMessage(readNatRules());
