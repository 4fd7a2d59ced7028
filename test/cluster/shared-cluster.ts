// The API server that all files of test/cluster share, and the `describe` that is skipped where there is none. The files run
// one after another, so each has the server for itself while it runs.
import { describe, inject } from 'vitest';
import type { ApiAccess } from './api-access.ts';
import type { ClusterBinaries } from './cluster-binaries.ts';
import type { KubeletFiles } from './test-cluster.ts';

/** Plain data, because it comes from the process that owns the server. */
export interface SharedCluster {
  readonly admin: ApiAccess;
  /** Path of a kubeconfig of the administrator. */
  readonly kubeconfig: string;
  /** For kubelets of the tests' own. */
  readonly kubelet: KubeletFiles;
  /** For a test that needs a server of its own, to break it or to start it with other flags. */
  readonly binaries: ClusterBinaries;
}

/** Why there is none: the programs are missing, or they are there and did not start. */
export type NoCluster = { readonly skipped: string } | { readonly broken: string };

declare module 'vitest' {
  interface ProvidedContext {
    sharedCluster: SharedCluster | NoCluster;
  }
}

const shared = inject('sharedCluster');

/** Skipped, and counted as skipped, where the programs are missing. */
export const describeCluster = describe.skipIf('skipped' in shared);

/** Only inside tests and hooks of `describeCluster`; throws what kept the server from starting. */
export function sharedCluster(): SharedCluster {
  if ('broken' in shared) throw new Error(shared.broken);
  if ('skipped' in shared) throw new TypeError('no shared cluster: ask for it inside describeCluster only');
  return shared;
}
