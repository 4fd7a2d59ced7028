// What files of kubectl and calicoctl say about one cluster, as far as source NAT is concerned. A kind that no file holds is
// undefined, which is not the same as one of which there is none.
import type { ClusterInformation } from '../../core/model/calico/cluster-information.ts';
import type { CalicoApiGroup, FelixConfiguration } from '../../core/model/calico/felix-configuration.ts';
import type { IpPool } from '../../core/model/calico/ip-pool.ts';
import type { ClusterNode } from '../../core/model/cluster-node.ts';
import type { Pod } from '../../core/model/pod.ts';
import type { PortClaim } from '../../core/model/port-claim.ts';
import type { Workload } from '../../core/model/workload.ts';
import { OwnerIndex } from '../../core/kube-objects/owner-index.ts';
import type { MiddleKind, OwnersOfKind } from '../../core/kube-objects/owner-index.ts';
import { parseClusterInformation, parseIpPool } from '../../core/kube-objects/parse-calico-kinds.ts';
import { parseClusterNode } from '../../core/kube-objects/parse-cluster-node.ts';
import { parseFelixConfiguration } from '../../core/kube-objects/parse-felix-configuration.ts';
import type { NetworkDaemonSet } from '../../core/kube-objects/parse-network-daemon-set.ts';
import { parseNetworkDaemonSet } from '../../core/kube-objects/parse-network-daemon-set.ts';
import { type JsonObject, objectOf, textOf } from '../../core/kube-objects/parse-object.ts';
import { parseOwner } from '../../core/kube-objects/parse-owner.ts';
import { parsePod } from '../../core/kube-objects/parse-pod.ts';
import { parseServiceClaims } from '../../core/kube-objects/parse-service-claims.ts';
import { SharedWorkloads } from '../../core/kube-objects/shared-workloads.ts';

export interface KubeDump {
  readonly nodes: readonly ClusterNode[] | undefined;
  /** With the workload a person knows, as far as its owners are in the files. */
  readonly pods: readonly Pod[] | undefined;
  /** Pods whose workload is a guess by the name of what made them. */
  readonly guessedPods: number;
  readonly serviceClaims: readonly PortClaim[] | undefined;
  readonly configurations: readonly FelixConfiguration[] | undefined;
  /** The API groups that objects of Calico came from. */
  readonly calicoGroups: ReadonlySet<CalicoApiGroup>;
  readonly pools: readonly IpPool[] | undefined;
  readonly clusterInformation: ClusterInformation | undefined;
  readonly daemonSets: readonly NetworkDaemonSet[] | undefined;
}

/** The last object of a kind and name counts: it was saved again. */
export function kubeDump(objects: readonly JsonObject[]): KubeDump {
  const kinds = new Kinds(objects);
  const shared = new SharedWorkloads();
  const owners = { ReplicaSet: ownersOf(kinds, 'ReplicaSet', shared), Job: ownersOf(kinds, 'Job', shared) };
  const index = new OwnerIndex(owners, shared);
  const pods = kinds.all('Pod', (object) => parsePod(object, shared));
  const calico = calicoObjects(kinds);
  return {
    nodes: kinds.all('Node', parseKubernetesNode),
    pods: pods?.map((pod) => ({ ...pod, workload: index.topOf(pod.workload) })),
    guessedPods: index.guessedPods('ReplicaSet') + index.guessedPods('Job'),
    serviceClaims: kinds.all('Service', parseServiceClaims)?.flat(),
    ...calico,
    pools: kinds.all('IPPool', parseIpPool),
    clusterInformation: kinds.all('ClusterInformation', parseClusterInformation)?.at(-1),
    daemonSets: kinds.all('DaemonSet', parseNetworkDaemonSet),
  };
}

/** Calico has a kind Node of its own. */
function parseKubernetesNode(object: JsonObject): ClusterNode | undefined {
  return textOf(object['apiVersion']) === 'v1' ? parseClusterNode(object) : undefined;
}

function calicoObjects(kinds: Kinds): Pick<KubeDump, 'configurations' | 'calicoGroups'> {
  const found = kinds.all('FelixConfiguration', (object) => parseFelixConfiguration(object, groupOf(object)));
  const groups = new Set<CalicoApiGroup>();
  for (const kind of ['FelixConfiguration', 'IPPool', 'ClusterInformation'])
    for (const object of kinds.all(kind, (each) => each) ?? []) groups.add(groupOf(object));
  // The same object is served by both groups where calico-apiserver runs: the stored one counts.
  const byName = new Map<string, FelixConfiguration>();
  for (const configuration of found ?? [])
    if (configuration.apiGroup === 'crd.projectcalico.org/v1' || !byName.has(configuration.name))
      byName.set(configuration.name, configuration);
  const configurations = found === undefined ? undefined : [...byName.values()].toSorted(byTheirName);
  return { configurations, calicoGroups: groups };
}

function byTheirName(left: FelixConfiguration, right: FelixConfiguration): number {
  return left.name < right.name ? -1 : 1;
}

function groupOf(object: JsonObject): CalicoApiGroup {
  return textOf(object['apiVersion']) === 'projectcalico.org/v3' ? 'projectcalico.org/v3' : 'crd.projectcalico.org/v1';
}

function ownersOf(kinds: Kinds, kind: MiddleKind, shared: SharedWorkloads): OwnersOfKind {
  const owners = new Map<string, Workload>();
  const objects = kinds.all(kind, (object) => object);
  if (objects === undefined) return { seen: false, why: `no file holds the ${kind}s` };
  for (const object of objects) {
    const metadata = objectOf(object['metadata']);
    const owner = parseOwner(metadata);
    const place = textOf(metadata['namespace']) ?? '';
    if (owner !== undefined)
      owners.set(`${place}/${textOf(metadata['name']) ?? ''}`, shared.of(owner.kind, place, owner.name));
  }
  return { seen: true, value: owners };
}

/** Objects by kind, each name once. */
class Kinds {
  readonly #byKind = new Map<string, Map<string, JsonObject>>();

  constructor(objects: readonly JsonObject[]) {
    for (const object of objects) {
      const kind = textOf(object['kind']) ?? '';
      const { name, namespace } = objectOf(object['metadata']);
      const named = this.#byKind.get(kind) ?? new Map<string, JsonObject>();
      named.set(`${textOf(object['apiVersion']) ?? ''} ${textOf(namespace) ?? ''}/${textOf(name) ?? ''}`, object);
      this.#byKind.set(kind, named);
    }
  }

  /** Undefined when no file holds one of this kind. */
  all<Item>(kind: string, parse: (object: JsonObject) => Item | undefined): readonly Item[] | undefined {
    const objects = this.#byKind.get(kind);
    if (objects === undefined) return undefined;
    return [...objects.values()].flatMap((object) => parse(object) ?? []);
  }
}
