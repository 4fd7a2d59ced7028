// Reads the conntrack text of one node by exec, as a command would, and prints what it took: time, CPU, peak memory.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FlowTextReader } from '../src/dumps/flows/flow-text-reader.ts';
import { openApiClient } from '../src/kube/access/open-api-client.ts';
import { PodShell } from '../src/kube/exec/pod-shell.ts';

const [folder = ''] = process.argv.slice(2);
const world = { random: () => 0.5, sleep: () => Promise.resolve() };
const client = await openApiClient({ kubeconfig: join(folder, 'kubeconfig'), variables: {} }, world);
const place = { node: 'worker-1', namespace: 'calico-system', pod: 'calico-node-x7f2p', container: 'calico-node' };
const shell = new PodShell(client, place);
const { signal } = new AbortController();
// The first exec loads the library and opens a connection.
await shell.run(['cat'], { stdout: () => undefined, signal, timeoutSeconds: 300 });

interface NodeRead {
  readonly milliseconds: number;
  readonly cpuMilliseconds: number;
  readonly bytes: number;
  readonly entries: number;
  readonly unreadable: number;
}

async function readNode(): Promise<NodeRead> {
  const reader = new FlowTextReader({});
  let bytes = 0;
  const start = performance.now();
  const cpu = process.cpuUsage();
  const stdout = (chunk: Uint8Array): void => {
    bytes += chunk.length;
    reader.write(chunk);
  };
  await shell.run(['conntrack', '-L'], { stdout, signal, timeoutSeconds: 300 });
  const { counts, seen } = reader.end();
  const { user, system } = process.cpuUsage(cpu);
  return {
    milliseconds: performance.now() - start,
    cpuMilliseconds: (user + system) / 1000,
    bytes,
    entries: counts.entries,
    unreadable: seen.unreadable,
  };
}

// A cluster's nodes are read by one process one after another: the first is read while the code is still being compiled.
const first = await readNode();
const later = [await readNode(), await readNode(), await readNode()].at(-1) ?? first;
client.close();
// Not ru_maxrss: that starts at what the parent held when it forked.
const peak = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1];
console.log(JSON.stringify({ ...first, later, peakMegabytes: Number(peak) / 1024 }));
