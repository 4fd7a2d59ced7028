// Finds the kubeconfig as kubectl does and reads it with the official library, which is large and therefore loaded here,
// when a command first needs a cluster.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { type ConnectionOverrides, baseOfOverrides, overrideConnection } from './connection-overrides.ts';

export interface ClusterChoice {
  /** Path of a kubeconfig; else KUBECONFIG, ~/.kube/config, or the pod's own service account. */
  readonly kubeconfig?: string | undefined;
  /** Name of a context; else the current one. */
  readonly context?: string | undefined;
  /** A kubeconfig itself instead of a file. */
  readonly text?: string | undefined;
  /** What replaces the kubeconfig's own server, authority or credentials. */
  readonly overrides?: ConnectionOverrides | undefined;
  /** Environment variables. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** With its current context set to the one asked for. Errors: PTL_KUBECONFIG. */
export async function loadKubeconfig(choice: ClusterChoice): Promise<KubeConfig> {
  const library = await import('@kubernetes/client-node');
  const loaded = readChoice(choice, () => new library.KubeConfig());
  chooseContext(loaded, choice.context);
  if (choice.overrides !== undefined) overrideConnection(loaded, choice.overrides);
  return loaded;
}

function readChoice(choice: ClusterChoice, create: () => KubeConfig): KubeConfig {
  if (choice.text !== undefined) return parseKubeconfig(create(), choice.text);
  const paths = kubeconfigPaths(choice);
  if (paths.length > 0) return merge(paths.map((path) => readKubeconfig(create(), path)));
  const base = baseOfOverrides(choice.overrides);
  if (base === undefined) return inCluster(create(), choice);
  const config = create();
  config.loadFromOptions(base);
  return config;
}

function parseKubeconfig(config: KubeConfig, text: string): KubeConfig {
  try {
    config.loadFromString(text, { onInvalidEntry: 'filter' });
    return config;
  } catch (cause) {
    throw problem(firstLine(cause), 'a kubeconfig as text', cause);
  }
}

/** Files that are there; one that was named by flag must be. Of the list in KUBECONFIG, kubectl passes over missing ones. */
function kubeconfigPaths({ kubeconfig, variables }: ClusterChoice): string[] {
  if (kubeconfig !== undefined) return [kubeconfig];
  const listed = (variables['KUBECONFIG'] ?? '').split(delimiter).filter((path) => path !== '');
  const present = listed.filter((path) => existsSync(path));
  if (present.length > 0) return present;
  if (listed.length > 0) throw problem(`no file at ${listed.join(', ')}`, 'KUBECONFIG to name a file that exists');
  const usual = join(variables['HOME'] ?? '', '.kube', 'config');
  return existsSync(usual) ? [usual] : [];
}

function readKubeconfig(config: KubeConfig, path: string): KubeConfig {
  try {
    config.loadFromFile(path, { onInvalidEntry: 'filter' });
    return config;
  } catch (cause) {
    throw problem(`${path}: ${firstLine(cause)}`, 'a kubeconfig', cause);
  }
}

function inCluster(config: KubeConfig, { variables }: ClusterChoice): KubeConfig {
  if ((variables['KUBERNETES_SERVICE_HOST'] ?? '') === '')
    throw problem('none found', 'one in KUBECONFIG, in ~/.kube/config or by --kubeconfig');
  config.loadFromCluster();
  return config;
}

/** The first file that names a cluster, user, context or current context decides, as with kubectl. */
function merge(configs: readonly KubeConfig[]): KubeConfig {
  const [first, ...others] = configs;
  if (first === undefined) throw new TypeError('Cannot merge kubeconfigs: none given');
  for (const other of others) {
    first.clusters = [...first.clusters, ...missingIn(first.clusters, other.clusters)];
    first.users = [...first.users, ...missingIn(first.users, other.users)];
    first.contexts = [...first.contexts, ...missingIn(first.contexts, other.contexts)];
    if (!isNamed(first.currentContext)) first.setCurrentContext(other.currentContext);
  }
  return first;
}

function missingIn<Entry extends { readonly name: string }>(known: readonly Entry[], more: readonly Entry[]): Entry[] {
  return more.filter(({ name }) => !known.some((entry) => entry.name === name));
}

function chooseContext(config: KubeConfig, wanted: string | undefined): void {
  const names = config.contexts.map(({ name }) => name);
  const name = wanted ?? config.currentContext;
  const offered = names.length === 0 ? 'a kubeconfig with contexts' : `one of ${names.slice(0, 20).join(', ')}`;
  if (!isNamed(name)) throw problem('no current context', `${offered} by --context`);
  if (!names.includes(name)) throw problem(`no context ${name}`, offered);
  config.setCurrentContext(name);
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw problem(`context ${name} names a cluster that is not there`, 'its cluster');
  if (!URL.canParse(cluster.server)) throw problem(`server ${cluster.server}`, 'a URL');
  withUser(config);
}

/** Without a user the library leaves out the authority of the server too. */
function withUser(config: KubeConfig): void {
  if (config.getCurrentUser() !== null) return;
  const context = config.getContextObject(config.currentContext);
  if (context === null) return;
  const nobody = { name: 'nobody (no user in this context)' };
  config.users = [...config.users, nobody];
  config.contexts = [{ ...context, user: nobody.name }, ...config.contexts.filter(({ name }) => name !== context.name)];
}

/** The library leaves it out, whatever its type says. */
function isNamed(name: string | undefined): name is string {
  return name !== undefined && name !== '';
}

function problem(given: string, wanted: string, cause?: unknown): PortolanError {
  return new PortolanError('PTL_KUBECONFIG', `Cannot read the kubeconfig: ${given}, wanted ${wanted}`, { cause });
}

/** Of an error of the library; enough to find the place, not a whole file. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n')[0] ?? '').slice(0, 200);
}
