// What the API server says of each node, ready to be joined with what the node says itself.
import type { Seen } from '../../core/model/calico/seen.ts';
import type { ClusterFacts } from '../../core/model/cluster-facts.ts';
import type { Pod } from '../../core/model/pod.ts';
import { hostPortClaims } from '../../core/kube-objects/host-port-claims.ts';
import type { KnownOfNode } from './read-remote-node.ts';

export interface KnowledgeOptions {
  /** Networks that pods get their addresses from, as CIDRs. */
  readonly podNetworks: Seen<readonly string[]>;
  /** Whether the pods of the facts are all there are; else an address of none of them may still be a pod's. */
  readonly hasAllPods: boolean;
}

export class ClusterKnowledge {
  readonly #facts: ClusterFacts;
  readonly #options: KnowledgeOptions;
  readonly #podsByNode = new Map<string, Pod[]>();

  constructor(facts: ClusterFacts, options: KnowledgeOptions) {
    this.#facts = facts;
    this.#options = options;
    for (const pod of facts.pods.seen ? facts.pods.value : []) {
      const pods = this.#podsByNode.get(pod.node);
      if (pods === undefined) this.#podsByNode.set(pod.node, [pod]);
      else pods.push(pod);
    }
  }

  /** Pods that run on a node. */
  podsOf(node: string): readonly Pod[] {
    return this.#podsByNode.get(node) ?? [];
  }

  of(node: string): KnownOfNode {
    const { nodes, pods, serviceClaims } = this.#facts;
    const { podNetworks, hasAllPods } = this.#options;
    const ownPods = this.podsOf(node);
    const addresses = nodes.seen ? nodes.value.find(({ name }) => name === node)?.addresses : undefined;
    return {
      addresses: addresses?.filter(({ type }) => type.endsWith('IP')).map(({ address }) => address),
      ...(pods.seen ? { pods: ownPods } : {}),
      ...(podNetworks.seen && hasAllPods ? { podNetworks: podNetworks.value } : {}),
      claims: [
        ...(serviceClaims.seen ? serviceClaims.value : []),
        ...ownPods.flatMap((pod) => hostPortClaims(pod, 'API pods')),
      ],
      gaps: [],
    };
  }
}
