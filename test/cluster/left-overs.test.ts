// Nothing stays behind, however a test run ends: no process, no folder. Processes are recognised by the folder that their
// command lines name, in /proc, not by what the harness remembers.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { describeCluster, sharedCluster } from './shared-cluster.ts';
import { TestCluster } from './test-cluster.ts';

const CHILD = fileURLToPath(new URL('./cluster-child.js', import.meta.url));
const DIST = fileURLToPath(new URL('../..', import.meta.url));
const VITEST = join(DIST, '../node_modules/vitest/vitest.mjs');
const GONE_WITHIN_SECONDS = 20;

/** Command lines of running processes that name the folder; a zombie has none. */
function processesOf(folder: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(commandLine).filter((line) => line.includes(folder));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

type Program = ChildProcessByStdio<null, Readable, Readable>;

function start(words: readonly string[]): Program {
  // A group of its own, as a shell with job control gives to what it starts; npm's variables would change the run.
  return spawn(process.execPath, [...words], { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** The first match in what the program prints; fails when it ends before. */
function printed(program: Program, wanted: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const take = (chunk: Buffer): void => {
      text += chunk.toString('utf8');
      const found = wanted.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    };
    program.stdout.on('data', take);
    program.stderr.on('data', take);
    program.once('close', () => reject(new Error(`ended without ${wanted.source}: ${text}`)));
  });
}

async function expectGone(folder: string): Promise<void> {
  const giveUpAt = performance.now() + GONE_WITHIN_SECONDS * 1000;
  while (performance.now() < giveUpAt && (existsSync(folder) || processesOf(folder).length > 0)) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  expect({ processes: processesOf(folder), folder: existsSync(folder) }).toEqual({ processes: [], folder: false });
}

function ended(program: Program): Promise<void> {
  return new Promise((resolve) => program.once('close', () => resolve()));
}

describe('a process that owns servers', () => {
  it.each([
    ['is killed', 'SIGKILL'],
    ['is interrupted', 'SIGINT'],
    ['is hung up on', 'SIGHUP'],
  ] as const)('leaves nothing behind when it %s', async (_, signal) => {
    const program = start([CHILD, 'stand-in']);
    const folder = await printed(program, /^(\/.+)\n/);
    expect(processesOf(folder).length).toBeGreaterThan(0);
    program.kill(signal);
    await ended(program);
    await expectGone(folder);
  });

  it('leaves nothing behind when it throws', async () => {
    const program = start([CHILD, 'stand-in', 'crash']);
    const folder = await printed(program, /^(\/.+)\n/);
    await ended(program);
    expect(program.exitCode).not.toBe(0);
    await expectGone(folder);
  });
});

describeCluster('a cluster', () => {
  it('leaves nothing behind when it is stopped', async () => {
    const cluster = await TestCluster.start({ binaries: sharedCluster().binaries });
    const { folder } = cluster;
    expect(processesOf(folder)).toHaveLength(3);
    // etcd closes its database, then ends itself by the signal it got.
    expect(await cluster.stop()).toEqual({
      apiServer: 'exit code 0',
      etcd: expect.stringMatching(/^(SIGTERM|exit code 0)$/),
    });
    await expectGone(folder);
  });

  it('leaves nothing behind when its owner is killed', async () => {
    const program = start([CHILD, 'cluster']);
    const folder = await printed(program, /^(\/.+)\n/);
    // etcd, kube-apiserver, and the shell that waits to remove the folder.
    expect(processesOf(folder)).toHaveLength(3);
    program.kill('SIGKILL');
    await ended(program);
    await expectGone(folder);
  });

  it('leaves nothing behind when a test run is interrupted in the middle of a test', async () => {
    const planted = mkdtempSync(join(DIST, 'planted-cluster-'));
    try {
      const setup = join(DIST, 'test/cluster/global-setup.js');
      writeFileSync(
        join(planted, 'vitest.config.js'),
        `export default { test: { globalSetup: ${JSON.stringify(setup)} } };\n`,
      );
      writeFileSync(join(planted, 'x.test.mjs'), HANGING_TEST);
      const program = start([VITEST, 'run', '--root', planted, '--disable-console-intercept']);
      const folder = await printed(program, /cluster in (\/.+)\n/);
      expect(processesOf(folder)).toHaveLength(3);
      // Ctrl-C reaches the whole group: the run and its workers.
      process.kill(-(program.pid ?? Number.NaN), 'SIGINT');
      await ended(program);
      await expectGone(folder);
    } finally {
      rmSync(planted, { recursive: true });
    }
  });
});

const HANGING_TEST = `import { dirname } from 'node:path';
import { inject, it } from 'vitest';
it('hangs', async () => {
  console.log('cluster in ' + dirname(inject('sharedCluster').kubeconfig));
  await new Promise((resolve) => setTimeout(resolve, 600_000));
}, 600_000);
`;
