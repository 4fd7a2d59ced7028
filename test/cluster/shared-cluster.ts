// The API server that all files of test/cluster share, and the `describe` that is skipped where there is none. The files run
// one after another, so each has the server for itself while it runs.
import { describe, inject } from 'vitest';
import type { ApiAccess } from './api-access.ts';
import type { ClusterBinaries } from './cluster-binaries.ts';

/** Plain data, because it comes from the process that owns the server. */
export interface SharedCluster {
  readonly admin: ApiAccess;
  /** Path of a kubeconfig of the administrator. */
  readonly kubeconfig: string;
  /** For a test that needs a server of its own, to break it or to start it with other flags. */
  readonly binaries: ClusterBinaries;
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Null where the programs are missing. */
    sharedCluster: SharedCluster | null;
  }
}

const shared = inject('sharedCluster');

/** Skipped, and counted as skipped, where no API server could be started. */
export const describeCluster = describe.skipIf(shared === null);

/** Only inside tests and hooks of `describeCluster`. */
export function sharedCluster(): SharedCluster {
  if (shared === null) throw new TypeError('no shared cluster: ask for it inside describeCluster only');
  return shared;
}
