// Looks at nodes through the API server: Felix by its pod and log.
import type { LookOptions, NodeWitness } from '../../act/change/node-witness.ts';
import type { FelixLook, NodeLook } from '../../core/advice/change/node-look.ts';
import type { Seen } from '../../core/model/calico/seen.ts';
import { readFelixLog, readFelixPod } from '../../kube/calico/read-felix-pod.ts';
import type { WitnessOptions } from './witness-options.ts';

/** Clocks differ, and a line a little too old does no harm: the value counts. */
const SPARE_SECONDS = 5;

export function openClusterWitness(options: WitnessOptions): Promise<NodeWitness> {
  return Promise.resolve({
    look: (node, look) => lookAt(node, look, options),
    close: () => undefined,
  });
}

async function lookAt(node: string, look: LookOptions, options: WitnessOptions): Promise<NodeLook> {
  const unread = { seen: false, why: 'not looked at' } as const;
  const felix = await felixOn(node, look, options);
  return { rule: unread, flows: unread, felix };
}

async function felixOn(
  node: string,
  { since, signal }: LookOptions,
  { client, wallClock }: WitnessOptions,
): Promise<Seen<FelixLook>> {
  const found = await readFelixPod(client, { node, signal });
  if (!found.seen) return found;
  const pod = found.value;
  if (pod === undefined) return { seen: false, why: 'no calico-node pod runs on it' };
  const age = since === undefined ? undefined : (Date.parse(wallClock()) - Date.parse(since)) / 1000 + SPARE_SECONDS;
  const said = await readFelixLog(client, { pod, sinceSeconds: age, signal });
  return { seen: true, value: { isReady: pod.isReady, pod: `${pod.namespace}/${pod.name}`, said } };
}
