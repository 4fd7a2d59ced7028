// Finds the programs a test cluster is made of: those of KUBEBUILDER_ASSETS when it is set, else Debian's etcd and the
// kube-apiserver that `npm run build:apiserver` keeps in the cache, beside the test kubelet.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cachedApiserver, cachedTestKubelet, readApiserverPin } from '../../tools/cluster/apiserver-cache.ts';

export interface ClusterBinaries {
  readonly etcd: string;
  readonly kubeApiserver: string;
  readonly testKubelet: string;
}

/** Programs with their paths, or one line on what is missing and how to get it. */
export type FoundBinaries = ClusterBinaries | { readonly missing: string };

/** Debian's servers stand where an ordinary user's PATH may not look. */
const SYSTEM_FOLDERS = ['/usr/bin', '/usr/sbin', '/usr/local/bin'];

export function findClusterBinaries(env: NodeJS.ProcessEnv, systemFolders = SYSTEM_FOLDERS): FoundBinaries {
  const assets = env['KUBEBUILDER_ASSETS'];
  if (assets !== undefined && assets !== '') return inAssets(assets, env);
  const folders = [...(env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''), ...systemFolders];
  const etcd = folders.map((folder) => join(folder, 'etcd')).find(isProgram);
  const { version } = readApiserverPin();
  const built = { kubeApiserver: cachedApiserver(version, env), testKubelet: cachedTestKubelet(version, env) };
  const missing = [
    ...(etcd === undefined ? ['etcd (Debian: apt-get install etcd-server)'] : []),
    ...notBuilt(Object.values(built)),
  ];
  return etcd === undefined || missing.length > 0 ? { missing: missing.join(' and ') } : { etcd, ...built };
}

/**
 * Someone who sets the variable means these programs: a missing one is not looked for elsewhere. The test kubelet is this
 * project's own, and no such folder has it unless someone put it there.
 */
function inAssets(folder: string, env: NodeJS.ProcessEnv): FoundBinaries {
  const given = { etcd: join(folder, 'etcd'), kubeApiserver: join(folder, 'kube-apiserver') };
  const missing = Object.values(given).filter((path) => !isProgram(path));
  if (missing.length > 0) return { missing: `${missing.join(' and ')} (KUBEBUILDER_ASSETS names that folder)` };
  const beside = join(folder, 'test-kubelet');
  const testKubelet = isProgram(beside) ? beside : cachedTestKubelet(readApiserverPin().version, env);
  const [unbuilt] = notBuilt([testKubelet]);
  return unbuilt === undefined ? { ...given, testKubelet } : { missing: unbuilt };
}

function notBuilt(paths: readonly string[]): string[] {
  return paths.filter((path) => !isProgram(path)).map((path) => `${path} (npm run build:apiserver)`);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
