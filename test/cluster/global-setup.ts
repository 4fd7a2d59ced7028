// Starts the shared API server before the first file of test/cluster and stops it after the last; vitest runs this in its
// own process, and only when one of those files is to run.
import { writeSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { expectAnswer, textAt } from './api-request.ts';
import { type ClusterBinaries, findClusterBinaries } from './cluster-binaries.ts';
import type { NoCluster } from './shared-cluster.ts';
import { TestCluster } from './test-cluster.ts';

/** Never throws: that would end the whole run, with the tests that need no cluster. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const binaries = findClusterBinaries(process.env);
  if ('missing' in binaries) {
    project.provide('sharedCluster', withoutPrograms(binaries.missing));
    return undefined;
  }
  try {
    const cluster = await startTimed(binaries);
    const { admin, kubeconfig, kubelet } = cluster;
    project.provide('sharedCluster', { admin, kubeconfig, kubelet, binaries });
    return async () => {
      await cluster.stop();
    };
  } catch (error) {
    project.provide('sharedCluster', { broken: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}

function withoutPrograms(missing: string): NoCluster {
  // Someone who asked for these tests alone wants them to run.
  if (process.env['PTL_CLUSTER'] === 'required') return { broken: `Cannot test on an API server: no ${missing}` };
  const skipped = `The tests of test/cluster are skipped: no ${missing}\n`;
  process.stdout.write(skipped);
  // At the end too, where the summary counts them.
  process.once('exit', () => writeSync(1, skipped));
  return { skipped };
}

async function startTimed(binaries: ClusterBinaries): Promise<TestCluster> {
  const startedAt = performance.now();
  const cluster = await TestCluster.start({ binaries });
  const version = textAt(await expectAnswer(cluster.admin, { path: '/version' }, 200), 'gitVersion');
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`kube-apiserver ${version} and etcd were ready in ${seconds} s\n`);
  return cluster;
}
