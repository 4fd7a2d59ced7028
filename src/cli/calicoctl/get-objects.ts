// Reads FelixConfigurations for `get`, as calicoctl shows them. One that Calico cannot decode fails as it fails there.
import { refusalHint, refusalText } from '../../act/calicoctl-failure.ts';
import { decodeErrorOf } from '../../act/check-written-range.ts';
import { type JsonObject, listOf, objectOf, textOf } from '../../core/kube-objects/parse-object.ts';
import { felixAccess, getFelixObjects } from '../../kube/calico/felix-objects.ts';
import { calicoView } from '../../kube/calico/parse-folded-metadata.ts';
import type { CalicoReader } from '../../kube/calico/read-calico-kinds.ts';

export interface GetFailure {
  readonly text: string;
  readonly hint: string;
}

export interface GotObjects {
  readonly documents: readonly JsonObject[];
  readonly failures: readonly GetFailure[];
}

/** Each by its name, in the order asked for. */
export async function getNamed(
  reader: CalicoReader,
  { names, isExport }: { readonly names: readonly string[]; readonly isExport: boolean },
): Promise<GotObjects> {
  const documents: JsonObject[] = [];
  const failures: GetFailure[] = [];
  for (const name of names) {
    const answer = await getFelixObjects(reader, name);
    const asked = { name, access: felixAccess(reader.apiGroup, 'get') };
    const failure =
      answer.status === 200
        ? undecodable(objectOf(answer.body))
        : { text: refusalText(answer, asked), hint: refusalHint(answer, asked) };
    if (failure !== undefined) failures.push(failure);
    else documents.push(isExport ? exported(calicoView(objectOf(answer.body))) : calicoView(objectOf(answer.body)));
  }
  return { documents, failures };
}

/** One list. */
export async function getAll(reader: CalicoReader): Promise<GotObjects> {
  const answer = await getFelixObjects(reader);
  const asked = { name: undefined, access: felixAccess(reader.apiGroup, 'list') };
  if (answer.status !== 200)
    return { documents: [], failures: [{ text: refusalText(answer, asked), hint: refusalHint(answer, asked) }] };
  const stored = listOf(objectOf(answer.body)['items']).map(objectOf);
  const failures = stored.flatMap((object) => undecodable(object) ?? []);
  if (failures.length > 0) return { documents: [], failures };
  const { resourceVersion } = objectOf(objectOf(answer.body)['metadata']);
  const items = stored.map(calicoView);
  const list = {
    kind: 'FelixConfigurationList',
    apiVersion: 'projectcalico.org/v3',
    metadata: { resourceVersion },
    items,
  };
  return { documents: [list], failures: [] };
}

function undecodable(stored: JsonObject): GetFailure | undefined {
  const raw = objectOf(stored['spec'])['natPortRange'];
  const text = raw === undefined || raw === null ? undefined : decodeErrorOf(raw);
  if (text === undefined) return undefined;
  const name = textOf(objectOf(stored['metadata'])['name']) ?? '';
  return {
    text,
    hint: `FelixConfiguration ${name} has natPortRange ${JSON.stringify(raw)}, which keeps Felix from reading any FelixConfiguration; repair: portolan patch felixconfiguration ${name} --patch '{"spec":{"natPortRange":"24000:65535"}}', or null to remove it`,
  };
}

/** Without what belongs to this cluster; Go writes an unset time as null. */
function exported(document: JsonObject): JsonObject {
  const dropped = new Set(['namespace', 'uid', 'resourceVersion', 'deletionTimestamp', 'deletionGracePeriodSeconds']);
  const kept = Object.entries(objectOf(document['metadata'])).filter(([name]) => !dropped.has(name));
  return { ...document, metadata: { ...Object.fromEntries(kept), creationTimestamp: null } };
}
