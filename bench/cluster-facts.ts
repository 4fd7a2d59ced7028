// The facts of a large cluster: how much memory they take to read, and how long beside fetching the same pages and throwing
// them away. The API server is a process of its own that makes up its objects.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Benchmark, median, type Report } from './benchmark.ts';
import { makeCertificate, writeKubeconfigFor } from './cluster/self-signed.ts';
import type { ClusterRun } from './cluster-facts-read.ts';
import { run as runCommand } from './peers.ts';

const SIZE = { nodes: 5000, pods: 150_000, services: 10_000 };
const ROUNDS = 3;
const SERVER = fileURLToPath(new URL('cluster/generated-api.js', import.meta.url));
const READ = fileURLToPath(new URL('cluster-facts-read.js', import.meta.url));

export const clusterFactsBenchmark: Benchmark = {
  name: 'cluster-facts',
  async *run({ quick }): AsyncIterable<Report> {
    const share = quick ? 10 : 1;
    const { nodes, pods, services } = {
      nodes: SIZE.nodes / share,
      pods: SIZE.pods / share,
      services: SIZE.services / share,
    };
    const folder = mkdtempSync(join(tmpdir(), 'portolan-bench-'));
    makeCertificate(folder);
    const server = spawn(process.execPath, [SERVER, folder, ...[nodes, pods, services].map(String)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    try {
      const address = String(await once(server.stdout, 'data')).trim();
      writeKubeconfigFor(folder, address);
      yield await measured(`${nodes} nodes, ${pods} pods, ${services} Services`, { folder, address });
    } finally {
      server.kill();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

interface Place {
  readonly folder: string;
  readonly address: string;
}

async function measured(what: string, place: Place): Promise<Report> {
  const read: ClusterRun[] = [];
  const discarded: ClusterRun[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    discarded.push(await runOnce('discard', place));
    read.push(await runOnce('read', place));
  }
  const [taken, fetched] = [read, discarded].map((runs) => median(runs.map(({ milliseconds }) => milliseconds)) / 1000);
  const cpu = median(read.map(({ cpuMilliseconds }) => cpuMilliseconds)) / 1000;
  const ratios = read.map(({ milliseconds }, round) => milliseconds / (discarded[round]?.milliseconds ?? Number.NaN));
  return {
    title: `cluster-facts: ${what}, ${discarded[0]?.found ?? ''} in pages of 500; medians of ${ROUNDS} processes`,
    measures: [
      {
        what: 'peak RSS of the process',
        value: Math.max(...read.map(({ peakMegabytes }) => peakMegabytes)),
        unit: 'MB',
        goal: { atMost: 512 },
        detail: `nodes / pods / claims / workloads: ${read[0]?.found ?? ''}`,
      },
      {
        what: 'reading the facts / fetching and discarding',
        value: median(ratios),
        unit: 'x',
        goal: { atMost: 1.3 },
        detail: `${(taken ?? 0).toFixed(1)} s, ${(fetched ?? 0).toFixed(1)} s; ${cpu.toFixed(1)} s of CPU`,
      },
    ],
  };
}

async function runOnce(mode: 'read' | 'discard', { folder, address }: Place): Promise<ClusterRun> {
  const { stdout } = await runCommand([process.execPath, READ, mode, folder, address], true);
  const run: ClusterRun = JSON.parse(stdout);
  return run;
}
