// Finds the two programs a test cluster is made of: those of KUBEBUILDER_ASSETS when it is set, else Debian's etcd and the
// kube-apiserver that `npm run build:apiserver` keeps in the cache.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { cachedApiserver, readApiserverPin } from '../../tools/cluster/apiserver-cache.ts';

export interface ClusterBinaries {
  readonly etcd: string;
  readonly kubeApiserver: string;
}

/** Programs with their paths, or one line on what is missing and how to get it. */
export type FoundBinaries = ClusterBinaries | { readonly missing: string };

/** Debian's servers stand where an ordinary user's PATH may not look. */
const SYSTEM_FOLDERS = ['/usr/bin', '/usr/sbin', '/usr/local/bin'];

export function findClusterBinaries(env: NodeJS.ProcessEnv, systemFolders = SYSTEM_FOLDERS): FoundBinaries {
  const assets = env['KUBEBUILDER_ASSETS'];
  if (assets !== undefined && assets !== '') return inAssets(assets);
  const folders = [...(env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== ''), ...systemFolders];
  const etcd = folders.map((folder) => join(folder, 'etcd')).find(isProgram);
  const kubeApiserver = cachedApiserver(readApiserverPin().version, env);
  const missing = [
    ...(etcd === undefined ? ['etcd (Debian: apt-get install etcd-server)'] : []),
    ...(isProgram(kubeApiserver) ? [] : [`${kubeApiserver} (npm run build:apiserver)`]),
  ];
  return etcd === undefined || missing.length > 0 ? { missing: missing.join(' and ') } : { etcd, kubeApiserver };
}

/** Someone who sets the variable means these programs: a missing one is not looked for elsewhere. */
function inAssets(folder: string): FoundBinaries {
  const binaries = { etcd: join(folder, 'etcd'), kubeApiserver: join(folder, 'kube-apiserver') };
  const missing = Object.values(binaries).filter((path) => !isProgram(path));
  return missing.length === 0
    ? binaries
    : { missing: `${missing.join(' and ')} (KUBEBUILDER_ASSETS names that folder)` };
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
