// A whole command: starts a reader thread in the namespace given, takes one snapshot, prints it and this process's peak memory.
import { ReaderWorker } from './reader-worker.ts';

const reader = new ReaderWorker(process.argv[2] ?? '');
const snapshot = await reader.snapshot('all');
await reader.close();
console.log(JSON.stringify({ ...snapshot, maxRssMegabytes: process.resourceUsage().maxRSS / 1024 }));
