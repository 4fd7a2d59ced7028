// Where the programs are missing, the tests are counted as skipped and the run says so; it fails where skipping is not allowed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const DIST = fileURLToPath(new URL('../..', import.meta.url));
const VITEST = join(DIST, '../node_modules/vitest/vitest.mjs');
const CLUSTER = join(DIST, 'test/cluster');
const NOTICE = 'The tests of test/cluster are skipped: no /nonexistent/etcd';

const ONE_TEST = `import { it } from 'vitest';
import { describeCluster, sharedCluster } from ${JSON.stringify(join(CLUSTER, 'shared-cluster.js'))};
describeCluster('a cluster', () => { it('is asked', () => { sharedCluster(); }); });
`;

/** Runs one test of a cluster in a vitest of its own, with a folder of programs that is not there. */
function runWithoutPrograms(env: NodeJS.ProcessEnv): { status: number | null; output: string; lastLine: string } {
  const folder = mkdtempSync(join(DIST, 'planted-missing-'));
  try {
    const setup = join(CLUSTER, 'global-setup.js');
    const config = { test: { globalSetup: setup, reporters: ['default', join(DIST, 'tools/summary-reporter.js')] } };
    writeFileSync(join(folder, 'vitest.config.js'), `export default ${JSON.stringify(config)};\n`);
    writeFileSync(join(folder, 'x.test.mjs'), ONE_TEST);
    const { CI: _, PTL_CLUSTER: __, ...inherited } = process.env;
    const ran = spawnSync(process.execPath, [VITEST, 'run', '--root', folder], {
      encoding: 'utf8',
      env: { ...inherited, NO_COLOR: '1', KUBEBUILDER_ASSETS: '/nonexistent', ...env },
    });
    const lastLine = ran.stdout.trimEnd().split('\n').at(-1) ?? '';
    return { status: ran.status, output: ran.stdout + ran.stderr, lastLine };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('without the programs of a cluster', () => {
  it('the tests are skipped, counted, and the reason stands beside the count', () => {
    const run = runWithoutPrograms({});
    expect(run).toMatchObject({ status: 0, lastLine: '0 passed, 0 failed, 1 skipped' });
    expect(run.output.trimEnd().split('\n').at(-2)).toContain(NOTICE);
  });

  it('CI fails', () => {
    const run = runWithoutPrograms({ CI: 'true' });
    expect(run).toMatchObject({ status: 1, lastLine: '0 passed, 0 failed, 1 skipped' });
    expect(run.output).toContain(NOTICE);
  });

  it('a server that does not start fails the tests that need it, with what it wrote', () => {
    const assets = mkdtempSync(join(DIST, 'planted-assets-'));
    try {
      for (const name of ['etcd', 'kube-apiserver', 'test-kubelet']) {
        writeFileSync(join(assets, name), '#!/bin/sh\necho out of order >&2\nexit 3\n', { mode: 0o755 });
      }
      const run = runWithoutPrograms({ KUBEBUILDER_ASSETS: assets });
      expect(run).toMatchObject({ status: 1, lastLine: '0 passed, 1 failed, 0 skipped' });
      expect(run.output).toMatch(/Cannot start the cluster: (etcd|kube-apiserver) ended: exit code 3\n\s*out of order/);
    } finally {
      rmSync(assets, { recursive: true });
    }
  });

  it('npm run test:cluster fails and says what is missing', () => {
    const run = runWithoutPrograms({ PTL_CLUSTER: 'required' });
    expect(run.status).toBe(1);
    expect(run.output).toContain('Cannot test on an API server: no /nonexistent/etcd');
    expect(run.lastLine).toBe('0 passed, 1 failed, 0 skipped');
  });
});
