// Portolan's own client on a test cluster, as anyone, without waiting long between attempts.
import { join } from 'node:path';
import type { ClusterClient, RetryWorld } from '../../src/kube/access/api-client.ts';
import { openApiClient } from '../../src/kube/access/open-api-client.ts';
import { type ApiAccess, writeKubeconfig } from './api-access.ts';
import { ScratchFolder } from './scratch-folder.ts';

export const QUICK: RetryWorld = {
  random: () => 0.5,
  sleep: () => new Promise((resolve) => setTimeout(resolve, 10)),
};

/** Hands the path of a kubeconfig to `use`; the file is gone afterwards. */
export async function withKubeconfig<Result>(
  access: ApiAccess,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  const folder = new ScratchFolder('portolan-kubeconfig-');
  try {
    const path = join(folder.path, 'kubeconfig');
    writeKubeconfig(path, access);
    return await use(path);
  } finally {
    folder.remove();
  }
}

/** Closed when `use` is done. */
export function withClient<Result>(
  access: ApiAccess,
  use: (client: ClusterClient) => Promise<Result>,
  world: RetryWorld = QUICK,
): Promise<Result> {
  return withKubeconfig(access, async (kubeconfig) => {
    const client = await openApiClient({ kubeconfig, variables: {} }, world);
    try {
      return await use(client);
    } finally {
      client.close();
    }
  });
}
