// Which kube-apiserver the cluster tests run, and where the built program is kept: outside the checkout, so that clones and
// CI runs share it. The version stands in one place, the Go module beside this file.
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The Go module that pins the API server and all it is made of. */
export const APISERVER_MODULE = fileURLToPath(new URL('../../../tools/cluster/apiserver', import.meta.url));

export interface ApiserverPin {
  /** As the module has it, `v1.34.4`. */
  readonly version: string;
  /** The oldest Go that compiles it, `1.24`. */
  readonly oldestGo: string;
}

export function readApiserverPin(folder: string = APISERVER_MODULE): ApiserverPin {
  const module = readFileSync(join(folder, 'go.mod'), 'utf8');
  const version = /^require k8s\.io\/kubernetes (v\d+\.\d+\.\d+)$/m.exec(module)?.[1];
  const oldestGo = /^go (\d+\.\d+)/m.exec(module)?.[1];
  if (version === undefined || oldestGo === undefined)
    throw new TypeError(`${folder}/go.mod pins no k8s.io/kubernetes`);
  return { version, oldestGo };
}

/** Where the built program of a version is kept; `XDG_CACHE_HOME` or ~/.cache. */
export function cachedApiserver(version: string, env: NodeJS.ProcessEnv): string {
  // An empty variable counts as absent, as the XDG base directory specification says.
  const cache = env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  return join(cache, 'portolan', `kube-apiserver-${version}`);
}
