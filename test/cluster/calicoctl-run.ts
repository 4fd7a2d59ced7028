// Runs get and patch as a person does, against the shared API server, and looks at the object with nothing between.
import { LAZY_MEASURES } from '../../src/cli/lazy-measures.ts';
import { runProgram } from '../../src/cli/run-program.ts';
import type { Said } from '../cli/run-command.ts';
import { expectAnswer } from './api-request.ts';
import { type CalicoGroup, calicoPath } from './calico-kinds.ts';
import { sharedCluster } from './shared-cluster.ts';

const VERSION = { 'crd.projectcalico.org': 'crd.projectcalico.org/v1', 'projectcalico.org': 'projectcalico.org/v3' };

/**
 * Everything but the process itself, which takes longer to start than a request: with the administrator's kubeconfig unless
 * the variables say otherwise, and no home, so that no other one is found.
 */
export async function calico(
  words: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  const output = (name: keyof typeof said) => ({
    write: (text: string) => void (said[name] += text),
    isTerminal: false,
    columns: undefined,
  });
  const code = await runProgram({
    arguments: words,
    startedAs: 'portolan',
    scriptPath: 'portolan.js',
    variables: { HOME: '/nonexistent', KUBECONFIG: sharedCluster().kubeconfig, ...variables },
    platform: process.platform,
    runtime: 'test',
    stdout: output('stdout'),
    stderr: output('stderr'),
    stdinIsTerminal: false,
    takeTerminal: () => Promise.reject(new TypeError('the terminal was asked for')),
    readStdin: () => Promise.resolve(new Uint8Array()),
    readLine: () => Promise.resolve(undefined),
    docsFolder: undefined,
    cpus: 1,
    now: () => performance.now(),
    cpuMilliseconds: () => 0,
    wallClock: () => '2026-01-01T00:00:00.000Z',
    pause: () => Promise.resolve(),
    sleep: () => Promise.resolve(),
    random: () => 0,
    isolate: () => Promise.resolve(),
    signal: new AbortController().signal,
    measures: LAZY_MEASURES,
  });
  return { code, ...said };
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
