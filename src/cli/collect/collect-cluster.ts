// From a kubeconfig to a bundle of all nodes: each is read, written and dropped before the next one.
import type { Gap } from '../../core/model/gap.ts';
import type { WrittenBundle } from '../../dumps/bundle/bundle-writer.ts';
import type { NodeOutcome } from '../../observe/remote/survey-nodes.ts';
import type { ClusterOptions } from '../cluster/cluster-options.ts';
import { withCluster } from '../cluster/open-cluster.ts';
import { surveyCluster } from '../cluster/survey-cluster.ts';
import { BundleMaker, type MakeBundleOptions } from './bundle-maker.ts';

export interface CollectClusterOptions extends ClusterOptions {
  readonly bundle: MakeBundleOptions;
}

export interface CollectedCluster {
  readonly bundle: WrittenBundle;
  /** Nodes that could not be read, and what is not known of the cluster. */
  readonly gaps: readonly Gap[];
  /** Nodes beyond --max-nodes. */
  readonly leftOut: number;
}

/** Errors: PTL_KUBECONFIG, PTL_API_*, PTL_NO_SUCH_NODE. */
export function collectCluster(options: CollectClusterOptions): Promise<CollectedCluster> {
  return withCluster(options, async (cluster) => {
    const { facts } = cluster;
    const maker = new BundleMaker(options.bundle);
    maker.learn(facts);
    const { outcomes, leftOut } = await surveyCluster(cluster, {
      options,
      // As a look at that node alone would say it.
      visit: (node) => maker.addNode({ ...node, gaps: [...node.gaps, ...facts.gaps] }),
    });
    const gaps = [...facts.gaps, ...unreadNodes(outcomes)];
    maker.addCluster({ ...facts, gaps });
    return { bundle: maker.finish(), gaps, leftOut };
  });
}

function unreadNodes(outcomes: readonly NodeOutcome<void>[]): Gap[] {
  return outcomes.flatMap((outcome): Gap[] => {
    if (outcome.read) return [];
    const { node, why, remedy } = outcome;
    return [
      {
        id: 'nodes',
        what: `node ${node}`,
        why,
        weakens: 'everything about its ports',
        ...(remedy === undefined ? {} : { remedy }),
      },
    ];
  });
}
