// What files of kubectl say of the one node whose flows stand in the other files.
import { formatAddress, parseAddress } from '../../core/model/address.ts';
import type { ClusterNode } from '../../core/model/cluster-node.ts';
import type { Gap } from '../../core/model/gap.ts';
import type { Pod } from '../../core/model/pod.ts';
import type { PortClaim } from '../../core/model/port-claim.ts';
import { hostPortClaims } from '../../core/kube-objects/host-port-claims.ts';
import { type KubeDump, kubeDump } from '../../dumps/kube/kube-dump.ts';
import { kubeDocuments } from '../../dumps/kube/kube-documents.ts';
import { unreadLines } from './dump-gaps.ts';
import { textOfInput } from './dump-input.ts';
import type { DumpInput } from './dump-input.ts';

export interface FilesCluster {
  /** The node's name, where it can be told which it is. */
  readonly node: string | undefined;
  /** Its own addresses by its Node object. */
  readonly addresses: readonly string[];
  /** Undefined: no file holds pods, or not which node this is. */
  readonly pods: readonly Pod[] | undefined;
  readonly claims: readonly PortClaim[];
  readonly gaps: readonly Gap[];
}

export interface NodeSigns {
  /** What a person says. */
  readonly name: string | undefined;
  /** kernel.hostname: the node's name as a rule. */
  readonly host: string | undefined;
  /** Addresses that flows are translated to. */
  readonly snatAddresses: readonly string[];
}

/** What kubeDump reads. */
const KINDS: ReadonlySet<unknown> = new Set(
  'Node Pod Service ReplicaSet Job DaemonSet FelixConfiguration IPPool ClusterInformation'.split(' '),
);

export interface KubeRead {
  readonly dump: KubeDump;
  readonly gaps: readonly Gap[];
  /** False: nobody gave a file. */
  readonly isGiven: boolean;
}

/** All objects of all files, with what could not be read. */
export function readKubeDump(inputs: readonly DumpInput[]): KubeRead {
  const read = inputs.map((input) => ({ name: input.name, ...kubeDocuments(textOfInput(input)) }));
  const gaps = read.flatMap(({ name, problems }) => [...new Set(problems)].map((why) => unreadLines(name, why)));
  const [first] = read;
  const isOfUse = read.some(({ objects }) => objects.some(({ kind }) => KINDS.has(kind)));
  if (first !== undefined && gaps.length === 0 && !isOfUse)
    gaps.push(unreadLines(first.name, 'no object in it says anything of source ports'));
  return { dump: kubeDump(read.flatMap(({ objects }) => objects)), gaps, isGiven: inputs.length > 0 };
}

export function readKubeFiles({ dump, gaps, isGiven }: KubeRead, signs: NodeSigns): FilesCluster {
  const node = nodeOf(dump, signs);
  const pods = node === undefined ? undefined : dump.pods?.filter((pod) => pod.node === node);
  return {
    node,
    addresses: addressesOf(dump.nodes?.find(({ name }) => name === node)),
    pods,
    claims: [...(dump.serviceClaims ?? []), ...(pods ?? []).flatMap((pod) => hostPortClaims(pod, 'API pods'))],
    gaps: [...gaps, ...(isGiven ? [...unknownNode(dump, node), ...guessedOwners(dump)] : [])],
  };
}

/** By name, by an address of its own that flows were given, by the host's name; the last resort is that there is only one. */
function nodeOf({ nodes, pods }: KubeDump, { name, host, snatAddresses }: NodeSigns): string | undefined {
  if (name !== undefined) return name;
  const names = nodes?.map((node) => node.name) ?? [...new Set(pods?.map((pod) => pod.node))];
  const translated = new Set(snatAddresses);
  const byAddress = (nodes ?? []).filter((node) => addressesOf(node).some((address) => translated.has(address)));
  if (byAddress.length === 1) return byAddress[0]?.name;
  if (host !== undefined && names.includes(host)) return host;
  return names.length === 1 ? names[0] : undefined;
}

/** Those of the kubelet, and Calico's own: `projectcalico.org/IPv4Address: 10.0.0.4/24`, tunnels alike. */
function addressesOf(node: ClusterNode | undefined): readonly string[] {
  if (node === undefined) return [];
  const reported = node.addresses.filter(({ type }) => type.endsWith('IP')).map(({ address }) => address);
  const ofCalico = Object.entries(node.annotations).flatMap(([key, text]) =>
    /(?:Address|Addr)$/.test(key) ? [text.split('/')[0] ?? ''] : [],
  );
  return [...new Set([...reported, ...ofCalico].flatMap(canonical))];
}

function canonical(text: string): readonly string[] {
  const bytes = parseAddress(text);
  return bytes === undefined ? [] : [formatAddress(bytes)];
}

function unknownNode({ nodes, pods }: KubeDump, node: string | undefined): Gap[] {
  if (node !== undefined || (nodes === undefined && pods === undefined)) return [];
  return [
    {
      id: 'nodes',
      what: 'which node of the cluster this is',
      why: 'no Node in the files has an address that flows are translated to, or the host name of the sysctls',
      weakens: 'whose flows they are, and which host ports pods take here',
      remedy: 'kubectl get nodes,pods -A -o json > cluster.json',
    },
  ];
}

function guessedOwners({ guessedPods }: KubeDump): Gap[] {
  if (guessedPods === 0) return [];
  return [
    {
      id: 'workloads',
      what: 'which workloads own the pods',
      why: 'no file holds the ReplicaSets and Jobs between them',
      weakens: `the workload of ${guessedPods} pods is a guess by the name of what made them`,
      remedy: 'kubectl get replicasets,jobs -A -o json > owners.json',
    },
  ];
}
