// A whole command: starts a reader thread in the namespace given, takes one snapshot, prints it and this process's peak memory.
import { readFileSync } from 'node:fs';
import { ReaderWorker } from './reader-worker.ts';

const reader = new ReaderWorker(process.argv[2] ?? '');
const snapshot = await reader.snapshot('all');
await reader.close();
// Not ru_maxrss: that starts at what the parent held when it forked.
const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
console.log(JSON.stringify({ ...snapshot, peakMegabytes: Number(peak) / 1024 }));
