// portolan install and uninstall: the objects of the agents, made, brought up to date, removed or printed.
import { type InstallEnd, installObjects, uninstallObjects } from '../../act/install/install-objects.ts';
import { objectPlace } from '../../act/install/object-place.ts';
import { clearConditions } from '../../act/publish/clear-conditions.ts';
import { CONDITION } from '../../act/publish/node-condition.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { AGENT_NAMESPACE } from '../../core/kube-objects/agent-names.ts';
import type { ClusterClient } from '../../kube/access/api-client.ts';
import { openApiClient } from '../../kube/access/open-api-client.ts';
import type { CommandInput } from '../command-spec.ts';
import { FINE } from '../exit-code.ts';
import type { FlagReader } from '../flags/flag-reader.ts';
import type { AgentWish } from '../install/agent-daemon-set.ts';
import { agentManifests, publishManifests, SECRET_COMMAND } from '../install/agent-manifests.ts';
import { DRY_RUNS } from '../install/dry-runs.ts';
import { NAMESPACE } from '../plan/parse-workload.ts';
import { printDocument } from '../print-document.ts';
import type { Manifest } from '../rbac/rbac-manifests.ts';

const IMAGE = /^[a-z0-9][a-zA-Z0-9._:/@-]{0,254}$/;
const IMAGE_WANTED = 'an image with its tag, for example registry.example/portolan:0.1.0';

interface Installation {
  readonly client: ClusterClient;
  readonly signal: AbortSignal;
}

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
  const [readsLegacy, publishes] = [flags.isSet('legacyIptables'), flags.isSet('publish')];
  if (image === undefined) flags.problem(`Cannot read --image: nothing usable given, wanted ${IMAGE_WANTED}`);
  flags.finish();
  const manifests = agentManifests({ namespace: place.namespace, image: image ?? '', readsLegacy, publishes });
  if (place.isDry) return print(manifests, input, 'created');
  const ends = await inCluster(place, input, async (installation) => {
    const made = await installObjects(manifests.map(objectOf), installation);
    return publishes ? made : [...made, ...(await stopPublishing(place, input, installation))];
  });
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
  const wish: AgentWish = { namespace, image: 'none', readsLegacy: false, publishes: false };
  const manifests = agentManifests(wish).slice(1);
  if (place.isDry) return print([...manifests, ...publishManifests(namespace)].toReversed(), input, 'deleted');
  const ends = await inCluster(place, input, async (installation) => {
    const others = await stopPublishing(place, input, installation);
    return [...others, ...(await uninstallObjects(manifests.map(objectOf), installation))];
  });
  return say(
    ends,
    input,
    `Namespace ${namespace} stays; with all that is in it: kubectl delete namespace ${namespace}`,
  );
}

/**
 * Takes the rights to publish away, where they are, and then what agents that lost them could not take away themselves. @returns
 * what was there.
 */
async function stopPublishing(
  { namespace }: Place,
  { surroundings }: CommandInput,
  installation: Installation,
): Promise<readonly InstallEnd[]> {
  const ends = await uninstallObjects(publishManifests(namespace).map(objectOf), installation);
  const there = ends.filter(({ end }) => end !== 'not found');
  if (there.length === 0) return [];
  try {
    const nodes = await clearConditions(installation.client, installation.signal);
    surroundings.stderr.write(
      `Condition ${CONDITION} taken from ${nodes.length} node${nodes.length === 1 ? '' : 's'}\n`,
    );
  } catch (error) {
    if (!(error instanceof PortolanError)) throw error;
    surroundings.stderr.write(`Nodes may keep the condition ${CONDITION}: ${error.message}\n`);
  }
  return there;
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
  use: (installation: Installation) => Promise<Result>,
): Promise<Result> {
  const { variables, random, sleep, signal } = surroundings;
  const client = await openApiClient({ kubeconfig, context, variables }, { random, sleep });
  try {
    return await use({ client, signal });
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
