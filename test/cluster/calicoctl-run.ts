// Runs get and patch as a person does, against the shared API server, and looks at the object with nothing between.
import type { Said } from '../cli/run-command.ts';
import { runInProcess } from '../cli/run-in-process.ts';
import { expectAnswer } from './api-request.ts';
import { type CalicoGroup, calicoPath } from './calico-kinds.ts';
import { sharedCluster } from './shared-cluster.ts';

const VERSION = { 'crd.projectcalico.org': 'crd.projectcalico.org/v1', 'projectcalico.org': 'projectcalico.org/v3' };

/**
 * Everything but the process itself, which takes longer to start than a request: with the administrator's kubeconfig unless
 * the variables say otherwise, and no home, so that no other one is found.
 */
export function calico(words: readonly string[], variables: Readonly<Record<string, string>> = {}): Promise<Said> {
  return runInProcess(words, {
    variables: { HOME: '/nonexistent', KUBECONFIG: sharedCluster().kubeconfig, ...variables },
  });
}

export function patchDefault(patch: string, ...words: string[]): Promise<Said> {
  return calico(['patch', 'felixconfiguration', 'default', '--patch', patch, ...words]);
}

export function patchRange(value: unknown, ...words: string[]): Promise<Said> {
  return patchDefault(JSON.stringify({ spec: { natPortRange: value } }), ...words);
}

export interface Made {
  readonly name?: string;
  readonly group?: CalicoGroup;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
}

export async function makeFelix({ name = 'default', group = 'crd.projectcalico.org', spec = {}, metadata = {} }: Made) {
  const body = { apiVersion: VERSION[group], kind: 'FelixConfiguration', metadata: { name, ...metadata }, spec };
  const path = calicoPath(group, 'FelixConfiguration');
  await expectAnswer(sharedCluster().admin, { method: 'POST', path, body }, 201);
}

export interface RawFelix {
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly spec: Readonly<Record<string, unknown>>;
  readonly [name: string]: unknown;
}

/** The object as the API server has it, without what it writes itself at every change. */
export async function rawFelix(name = 'default', group: CalicoGroup = 'crd.projectcalico.org'): Promise<RawFelix> {
  const path = `${calicoPath(group, 'FelixConfiguration')}/${name}`;
  const body = await expectAnswer(sharedCluster().admin, { path }, 200);
  if (!isFelix(body)) throw new TypeError(`${path} is no FelixConfiguration`);
  const { resourceVersion: _version, generation: _generation, managedFields: _fields, ...metadata } = body.metadata;
  return { ...body, metadata };
}

function isFelix(body: unknown): body is RawFelix {
  return typeof body === 'object' && body !== null && 'metadata' in body && 'spec' in body;
}
