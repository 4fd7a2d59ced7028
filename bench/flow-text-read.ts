// Reads one conntrack text as a command would, from the file in chunks, and prints what it took: time, CPU, peak memory.
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { FlowTextReader } from '../src/dumps/flows/flow-text-reader.ts';

const CHUNK_BYTES = 262_144;

const fd = openSync(process.argv[2] ?? '', 'r');
const chunk = new Uint8Array(CHUNK_BYTES);
const start = performance.now();
const cpu = process.cpuUsage();
const reader = new FlowTextReader({ expectedBytes: fstatSync(fd).size });
for (let length = readSync(fd, chunk); length > 0; length = readSync(fd, chunk))
  reader.write(chunk.subarray(0, length));
const { value, counts, seen } = reader.end();
const { user, system } = process.cpuUsage(cpu);
const milliseconds = performance.now() - start;
closeSync(fd);
// Not ru_maxrss: that starts at what the parent held when it forked.
const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
console.log(
  JSON.stringify({
    milliseconds,
    cpuMilliseconds: (user + system) / 1000,
    peakMegabytes: Number(peak) / 1024,
    entries: counts.entries,
    kept: value.flowCount,
    unreadable: seen.unreadable,
  }),
);
