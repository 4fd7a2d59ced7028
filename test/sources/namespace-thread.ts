// The thread of inNamespace: its own namespace first, then the module, so that all it opens belongs there.
import { parentPort, workerData } from 'node:worker_threads';
import { createNetns } from '../../src/kernel/netns/network-namespace.ts';

createNetns();
const tasks: Record<string, () => unknown> = await import(workerData.module);
parentPort?.postMessage(await tasks[workerData.run]?.());
process.exit(0);
