// portolan install and uninstall: the objects of the agents, made, brought up to date, removed or printed.
import { type InstallEnd, installObjects, uninstallObjects } from '../../act/install/install-objects.ts';
import { objectPlace } from '../../act/install/object-place.ts';
import { AGENT_NAMESPACE } from '../../core/kube-objects/agent-names.ts';
import { openApiClient } from '../../kube/access/open-api-client.ts';
import type { CommandInput } from '../command-spec.ts';
import { FINE } from '../exit-code.ts';
import type { FlagReader } from '../flags/flag-reader.ts';
import type { AgentWish } from '../install/agent-daemon-set.ts';
import { agentManifests, SECRET_COMMAND } from '../install/agent-manifests.ts';
import { DRY_RUNS } from '../install/dry-runs.ts';
import { NAMESPACE } from '../plan/parse-workload.ts';
import { printDocument } from '../print-document.ts';
import type { Manifest } from '../rbac/rbac-manifests.ts';

const IMAGE = /^[a-z0-9][a-zA-Z0-9._:/@-]{0,254}$/;
const IMAGE_WANTED = 'an image with its tag, for example registry.example/portolan:0.1.0';

interface Place {
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly namespace: string;
  readonly isDry: boolean;
}

/** @returns 0 when all is as wanted. Errors: PTL_KUBECONFIG, PTL_CHANGE_CONFLICT, PTL_API_*. */
export async function runInstall(input: CommandInput): Promise<number> {
  const { flags } = input;
  const place = readPlace(flags);
  const image = flags.value('image', { parse: (text) => (IMAGE.test(text) ? text : undefined), wanted: IMAGE_WANTED });
  const readsLegacy = flags.isSet('legacyIptables');
  if (image === undefined) flags.problem(`Cannot read --image: nothing usable given, wanted ${IMAGE_WANTED}`);
  flags.finish();
  const manifests = agentManifests({ namespace: place.namespace, image: image ?? '', readsLegacy });
  if (place.isDry) return print(manifests, input, 'created');
  const ends = await inCluster(place, input, (client, signal) =>
    installObjects(manifests.map(objectOf), { client, signal }),
  );
  return say(
    ends,
    input,
    `The agents wait for a certificate unless there is one: ${SECRET_COMMAND} -n ${place.namespace}`,
  );
}

/** @returns 0 when all that is ours is gone. Errors: PTL_KUBECONFIG, PTL_API_*. */
export async function runUninstall(input: CommandInput): Promise<number> {
  const place = readPlace(input.flags);
  input.flags.finish();
  const { namespace } = place;
  const wish: AgentWish = { namespace, image: 'none', readsLegacy: false };
  const manifests = agentManifests(wish).slice(1);
  if (place.isDry) return print(manifests.toReversed(), input, 'deleted');
  const ends = await inCluster(place, input, (client, signal) =>
    uninstallObjects(manifests.map(objectOf), { client, signal }),
  );
  return say(
    ends,
    input,
    `Namespace ${namespace} stays; with all that is in it: kubectl delete namespace ${namespace}`,
  );
}

function readPlace(flags: FlagReader): Place {
  return {
    kubeconfig: flags.text('kubeconfig', 'the path of a kubeconfig'),
    context: flags.text('context', 'the name of a context, as "kubectl config get-contexts" lists them'),
    namespace: flags.value('namespace', NAMESPACE) ?? AGENT_NAMESPACE,
    isDry: flags.choice('dryRun', DRY_RUNS, 'none') === 'client',
  };
}

async function inCluster<Result>(
  { kubeconfig, context }: Place,
  { surroundings }: CommandInput,
  use: (client: Awaited<ReturnType<typeof openApiClient>>, signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { variables, random, sleep, signal } = surroundings;
  const client = await openApiClient({ kubeconfig, context, variables }, { random, sleep });
  try {
    return await use(client, signal);
  } finally {
    client.close();
  }
}

async function print(manifests: readonly Manifest[], input: CommandInput, end: string): Promise<number> {
  const { stdout } = input.surroundings;
  if (input.format === 'yaml') stdout.write((await import('../rbac/manifest-yaml.ts')).manifestsYaml(manifests));
  else if (input.format === 'json')
    await printDocument({ apiVersion: 'v1', kind: 'List', items: manifests.map(objectOf) }, 'json', stdout);
  else for (const { object } of manifests) stdout.write(`${objectPlace(object).title} ${end} (dry run)\n`);
  return FINE;
}

async function say(ends: readonly InstallEnd[], input: CommandInput, last: string): Promise<number> {
  const { stdout, stderr } = input.surroundings;
  if (input.format === 'yaml' || input.format === 'json') {
    await printDocument({ schemaVersion: 1, objects: ends }, input.format, stdout);
    return FINE;
  }
  for (const { title, end } of ends) stdout.write(`${title} ${end === 'left' ? "left: it is not Portolan's" : end}\n`);
  stderr.write(`${last}\n`);
  return FINE;
}

function objectOf({ object }: Manifest): object {
  return object;
}
