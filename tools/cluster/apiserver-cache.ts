// Which programs the cluster tests run, and where the built ones are kept: outside the checkout, so that clones and CI runs share
// them. Versions stand in one place each, the Go modules beside this file.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The Go module that pins the API server and all it is made of. */
export const APISERVER_MODULE = fileURLToPath(new URL('../../../tools/cluster/apiserver', import.meta.url));

/** The Go module of the program that renders charts by Helm's and kustomize's own code: apart, since both pin modules that the API server pins too. */
export const CHARTS_MODULE = fileURLToPath(new URL('../../../tools/cluster/charts', import.meta.url));

export interface ApiserverPin {
  /** As the module has it, `v1.34.4`. */
  readonly version: string;
  /** The oldest Go that compiles it, `1.24`. */
  readonly oldestGo: string;
}

export function readApiserverPin(folder: string = APISERVER_MODULE): ApiserverPin {
  const module = readFileSync(join(folder, 'go.mod'), 'utf8');
  const version = /^\s*k8s\.io\/kubernetes (v\d+\.\d+\.\d+)$/m.exec(module)?.[1];
  const oldestGo = /^go (\d+\.\d+)/m.exec(module)?.[1];
  if (version === undefined || oldestGo === undefined)
    throw new TypeError(`${folder}/go.mod pins no k8s.io/kubernetes`);
  return { version, oldestGo };
}

/** Where the built program of a version is kept; `XDG_CACHE_HOME` or ~/.cache. */
export function cachedApiserver(version: string, env: NodeJS.ProcessEnv): string {
  return join(cacheFolder(env), `kube-apiserver-${version}`);
}

/** The same for the test kubelet: its name changes with its source. */
export function cachedTestKubelet(version: string, env: NodeJS.ProcessEnv): string {
  return join(cacheFolder(env), `test-kubelet-${version}-${sourceDigest(APISERVER_MODULE, 'test-kubelet')}`);
}

/** The same for the renderer of charts. */
export function cachedChartRenderer(env: NodeJS.ProcessEnv): string {
  return join(cacheFolder(env), `render-charts-${sourceDigest(CHARTS_MODULE, 'render-charts')}`);
}

function sourceDigest(module: string, program: string): string {
  const folder = join(module, program);
  const digest = createHash('sha256').update(readFileSync(join(module, 'go.sum')));
  for (const file of readdirSync(folder).toSorted()) digest.update(file).update(readFileSync(join(folder, file)));
  return digest.digest('hex').slice(0, 12);
}

function cacheFolder(env: NodeJS.ProcessEnv): string {
  // An empty variable counts as absent, as the XDG base directory specification says.
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'portolan');
}
