// What a cluster says with pseudonyms for every name and address. Field by field: what is not named here is not in the result.
import type { Seen } from '../model/calico/seen.ts';
import type { ClusterFacts } from '../model/cluster-facts.ts';
import type { ClusterNode } from '../model/cluster-node.ts';
import type { Pseudonyms } from './pseudonyms.ts';
import { redactClaim, redactGap, redactPod } from './redact-node-facts.ts';

export function redactClusterFacts(facts: ClusterFacts, names: Pseudonyms): ClusterFacts {
  // Nodes and pods first: their names are found in the sentences of the others.
  const nodes = seen(facts.nodes, names, (all) => all.map((node) => redactNode(node, names)));
  const pods = seen(facts.pods, names, (all) => all.map((pod) => redactPod(pod, names)));
  return {
    schema: facts.schema,
    cluster: names.other(facts.cluster, 'cluster'),
    at: facts.at,
    nodes,
    pods,
    serviceClaims: seen(facts.serviceClaims, names, (all) => all.map((claim) => redactClaim(claim, names))),
    gaps: facts.gaps.map((gap) => redactGap(gap, names)),
  };
}

function seen<Value>(value: Seen<Value>, names: Pseudonyms, redact: (value: Value) => Value): Seen<Value> {
  if (value.seen) return { seen: true, value: redact(value.value) };
  const { why, remedy } = value;
  return { seen: false, why: names.ours(why), ...(remedy === undefined ? {} : { remedy: names.ours(remedy) }) };
}

function redactNode(node: ClusterNode, names: Pseudonyms): ClusterNode {
  const name = names.node(node.name);
  return {
    name,
    labels: redactTexts(node.labels, names),
    annotations: redactTexts(node.annotations, names),
    addresses: node.addresses.map(({ type, address }) => ({
      type,
      address: names.addresses.ofText(address) ?? names.node(address),
    })),
    operatingSystem: node.operatingSystem,
    ...(node.isReady === undefined ? {} : { isReady: node.isReady }),
    ...(node.isSchedulable === undefined ? {} : { isSchedulable: node.isSchedulable }),
  };
}

/** Keys of Kubernetes and Calico and the values that only say what a machine is stay. */
const KNOWN_KEY = /^(?:[\w.-]+\.)?(?:kubernetes\.io|k8s\.io|projectcalico\.org)\/[\w.-]+$/;
const KNOWN_VALUE_KEYS = new Set([
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
]);

function redactTexts(texts: Readonly<Record<string, string>>, names: Pseudonyms): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(texts).map(([key, value]) => [
      KNOWN_KEY.test(key) ? key : names.other(key, 'key'),
      KNOWN_VALUE_KEYS.has(key) || /^(?:true|false|)$/.test(value) ? value : names.foreign(value),
    ]),
  );
}
