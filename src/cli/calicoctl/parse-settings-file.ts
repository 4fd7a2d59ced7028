// Reads a CalicoAPIConfig, YAML or JSON, as strictly as calicoctl: a key that nobody knows is an error.
import { parse } from 'yaml';
import { type ClientSettings, settingsOf } from './client-settings.ts';

const TEXT_KEYS = [
  'datastoreType',
  'etcdEndpoints',
  'etcdDiscoverySrv',
  'etcdUsername',
  'etcdPassword',
  'etcdKeyFile',
  'etcdCertFile',
  'etcdCACertFile',
  'etcdKey',
  'etcdCert',
  'etcdCACert',
  'kubeconfig',
  'kubeconfigInline',
  'k8sAPIEndpoint',
  'k8sKeyFile',
  'k8sCertFile',
  'k8sCAFile',
  'k8sAPIToken',
  'k8sCurrentContext',
  'calicoAPIGroup',
];
const FLAG_KEYS = ['k8sInsecureSkipTLSVerify', 'k8sDisableNodePoll', 'usePodCIDR'];
const NUMBER_KEYS = ['k8sClientQPS', 'k8sClientBurst'];

/** Errors: a plain Error that says what is wrong with the text. */
export function parseSettingsFile(text: string): ClientSettings {
  const config = keysOf(readYaml(text), 'CalicoAPIConfig', ['apiVersion', 'kind', 'metadata', 'spec']);
  if (config['apiVersion'] !== 'projectcalico.org/v3')
    throw new Error(`invalid config file: unknown APIVersion '${textOf(config['apiVersion'])}'`);
  if (config['kind'] !== 'CalicoAPIConfig')
    throw new Error(`invalid config file: expected kind 'CalicoAPIConfig', got '${textOf(config['kind'])}'`);
  const spec = keysOf(config['spec'] ?? {}, 'spec', [...TEXT_KEYS, ...FLAG_KEYS, ...NUMBER_KEYS]);
  checkTypes(spec);
  return settingsOf(spec);
}

function readYaml(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new Error(`failed to parse config as YAML/JSON: ${firstLine(error)}`, { cause: error });
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

function keysOf(value: unknown, place: string, known: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`failed to parse config as YAML/JSON: ${place} is no map of keys`);
  const unknown = Object.keys(value).filter((key) => !known.includes(key));
  if (unknown.length > 0)
    throw new Error(`failed to parse config as YAML/JSON: unknown field "${unknown.join('", "')}" in ${place}`);
  return value as Readonly<Record<string, unknown>>;
}

function checkTypes(spec: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(spec)) {
    const wanted = FLAG_KEYS.includes(key) ? 'boolean' : NUMBER_KEYS.includes(key) ? 'number' : 'string';
    if (value !== null && typeof value !== wanted)
      throw new Error(`failed to parse config as YAML/JSON: ${key} is a ${typeof value}, wanted a ${wanted}`);
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
