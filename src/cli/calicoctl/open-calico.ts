// From calicoctl's settings to Calico's objects: chooses datastore, API server and API group as calicoctl does. What keeps
// the client from being made is said on stdout, where calicoctl says it.
import { existsSync, readFileSync } from 'node:fs';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { openApiClient } from '../../kube/access/open-api-client.ts';
import type { ApiGroupChoice } from '../../kube/calico/choose-api-group.ts';
import { findFelixGroup } from '../../kube/calico/find-felix-group.ts';
import type { CalicoReader } from '../../kube/calico/read-calico-kinds.ts';
import type { Surroundings } from '../surroundings.ts';
import { type ClientSettings, settingsOfEnvironment } from './client-settings.ts';
import { parseSettingsFile } from './parse-settings-file.ts';

const USUAL_FILE = '/etc/calico/calicoctl.cfg';

export interface CalicoRequest {
  /** Path of calicoctl's settings; the usual one when absent. */
  readonly config: string | undefined;
  readonly context: string | undefined;
  readonly surroundings: Surroundings;
}

export interface OpenedCalico {
  readonly reader: CalicoReader;
  readonly group: ApiGroupChoice;
}

/** No client could be made; `said` is what calicoctl prints on stdout. */
export class NoCalicoClient extends Error {
  readonly said: string;
  readonly hint: string;

  constructor(said: string, hint: string) {
    super(said);
    this.said = said;
    this.hint = hint;
  }
}

/** The caller closes the client. Errors: NoCalicoClient; PTL_API_* when the server does not answer. */
export async function openCalico(request: CalicoRequest): Promise<OpenedCalico> {
  const settings = readSettings(request);
  if (settings.datastoreType !== 'kubernetes') throw otherDatastore(settings.datastoreType);
  const client = await openClient(settings, request);
  const { signal } = request.surroundings;
  try {
    const group = await findFelixGroup(client, { told: settings.apiGroup, signal });
    if (group.apiGroup === undefined)
      throw new PortolanError('PTL_CALICO_OBJECT', `the server could not find the requested resource: ${group.why}`, {
        hint: 'is Calico installed in this cluster? check --context',
      });
    return { reader: { client, apiGroup: group.apiGroup, signal }, group };
  } catch (error) {
    client.close();
    throw error;
  }
}

function readSettings({ config, surroundings }: CalicoRequest): ClientSettings {
  const path = config ?? USUAL_FILE;
  if (!existsSync(path)) {
    if (path !== USUAL_FILE)
      throw new NoCalicoClient(`Error reading config file: ${path}`, 'check the path of --config');
    return parsed(() => settingsOfEnvironment(surroundings.variables), '');
  }
  return parsed(() => parseSettingsFile(readFileSync(path, 'utf8')), `syntax error in ${path}: `);
}

function parsed(read: () => ClientSettings, before: string): ClientSettings {
  try {
    return read();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw noClient(`${before}${why}`, 'docs/reference/calicoctl.md lists the settings');
  }
}

async function openClient(settings: ClientSettings, { context, surroundings }: CalicoRequest) {
  const { variables } = surroundings;
  const choice = {
    context: context ?? settings.context,
    text: settings.kubeconfigInline,
    overrides: settings.overrides,
    variables: { ...variables, KUBECONFIG: settings.kubeconfig, HOME: homeOf(settings, variables['HOME']) },
  };
  try {
    return await openApiClient(choice, surroundings);
  } catch (error) {
    if (error instanceof PortolanError) throw noClient(error.message, error.hint ?? 'kubectl config get-contexts');
    throw error;
  }
}

/** A server without a kubeconfig means that server, not the one of ~/.kube/config. */
function homeOf({ kubeconfig, overrides }: ClientSettings, home: string | undefined): string | undefined {
  return kubeconfig === undefined && overrides?.server !== undefined ? '/nonexistent' : home;
}

function otherDatastore(type: string): NoCalicoClient {
  if (type === 'etcdv3')
    return noClient('datastore etcdv3 is not supported', 'use calicoctl where Calico keeps its objects in etcd');
  return noClient(`unknown datastore type: ${type}`, 'DATASTORE_TYPE=kubernetes');
}

function noClient(why: string, hint: string): NoCalicoClient {
  return new NoCalicoClient(`Failed to create Calico API client: ${why}`, hint);
}
