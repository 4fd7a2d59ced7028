// Starts the shared API server before the first file of test/cluster and stops it after the last; vitest runs this in its
// own process, and only when one of those files is to run.
import { writeSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { expectAnswer, textAt } from './api-request.ts';
import { findClusterBinaries } from './cluster-binaries.ts';
import { TestCluster } from './test-cluster.ts';

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const binaries = findClusterBinaries(process.env);
  if ('missing' in binaries) {
    // Someone who asked for these tests alone wants them to run.
    if (process.env['PTL_CLUSTER'] === 'required')
      throw new Error(`Cannot test on an API server: no ${binaries.missing}`);
    project.provide('sharedCluster', null);
    // At the end too, where the summary counts what was skipped.
    const notice = `The tests of test/cluster are skipped: no ${binaries.missing}\n`;
    process.stdout.write(notice);
    process.once('exit', () => writeSync(1, notice));
    return undefined;
  }
  const startedAt = performance.now();
  const cluster = await TestCluster.start({ binaries });
  const version = textAt(await expectAnswer(cluster.admin, { path: '/version' }, 200), 'gitVersion');
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`kube-apiserver ${version} and etcd were ready in ${seconds} s\n`);
  project.provide('sharedCluster', { admin: cluster.admin, kubeconfig: cluster.kubeconfig, binaries });
  return async () => {
    await cluster.stop();
  };
}
