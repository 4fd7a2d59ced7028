// From the flags of `portolan apply` to a judged change of natPortRange.
import {
  type PlannedChange,
  type RangeView,
  type RangeWish,
  planRangeChange,
} from '../../core/advice/change/plan-range-change.ts';
import type { RangeTarget } from '../../core/advice/change/range-target.ts';
import type { NodePortPlane } from '../../core/analysis/range-write.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { listObjects } from '../../kube/access/list-objects.ts';
import { objectOf, textOf } from '../../core/kube-objects/parse-object.ts';
import { LIST_NODES } from '../../kube/resources/read-nodes.ts';
import type { ApplyRequest, RangeSource } from './apply-request.ts';
import { type ClusterSession, readRangeView } from './cluster-session.ts';
import type { FirstLooks } from './first-looks.ts';

/** Errors: PTL_NO_SUCH_NODE, PTL_CHANGE_REFUSED, PTL_API_*. */
export async function prepareRangeChange(
  session: ClusterSession,
  {
    source,
    request,
    looks,
  }: { readonly source: RangeSource; readonly request: ApplyRequest; readonly looks?: FirstLooks },
): Promise<PlannedChange> {
  const view = await readRangeView(session);
  const target = await targetOf(session, source);
  const known = new Set(view.cluster.nodes.map(({ node }) => node));
  const missing = [...target.nodes, ...(request.canary === undefined ? [] : [request.canary])].find(
    (node) => !known.has(node),
  );
  if (missing !== undefined)
    throw new PortolanError(
      'PTL_NO_SUCH_NODE',
      `Cannot find node ${missing} in ${view.cluster.cluster}, wanted one of its Linux nodes`,
    );
  const { object } = target;
  if (object !== undefined && object !== 'default' && !view.configurations.some(({ name }) => name === object))
    throw new PortolanError(
      'PTL_CHANGE_REFUSED',
      `Cannot find FelixConfiguration ${object}, wanted one with a nodeSelector`,
      {
        hint: 'portolan get felixconfiguration',
      },
    );
  const { canary, batchSize, verify, accepted } = request;
  const wish: RangeWish = { range: source.range, target, canary, batchSize, verify, accepted };
  const planned = planRangeChange(view, wish);
  const nodePortPlane = looks === undefined ? undefined : await planeByRules(planned, view, looks);
  return nodePortPlane === undefined
    ? planned
    : planRangeChange({ ...view, facts: { ...view.facts, nodePortPlane } }, wish);
}

/** By the rules of the node that changes first, where a port may meet a NodePort and the API server does not say what that means. */
async function planeByRules(
  { preview, refusals }: PlannedChange,
  { facts }: RangeView,
  looks: FirstLooks,
): Promise<NodePortPlane | undefined> {
  const [node] = preview.nodes;
  const isAsked = preview.remarks.some(({ id }) => id === 'node-ports-inside') && facts.nodePortPlane === 'unknown';
  if (node === undefined || !isAsked || refusals.length > 0) return undefined;
  const { rule } = await looks.of(node);
  return rule.seen ? rule.value.nodePortPlane : undefined;
}

async function targetOf(session: ClusterSession, source: RangeSource): Promise<RangeTarget> {
  const { nodes, selector, configuration } = source;
  if (configuration !== undefined) return { object: configuration, nodes: [] };
  if (selector === undefined) return { object: nodes.length > 0 ? undefined : 'default', nodes };
  const labelled = await nodesWithLabels(session, selector);
  if (labelled.length === 0)
    throw new PortolanError('PTL_NO_SUCH_NODE', `Cannot find nodes with the labels ${selector}, wanted at least one`);
  return { object: undefined, nodes: [...new Set([...nodes, ...labelled])] };
}

async function nodesWithLabels({ client, signal }: ClusterSession, labelSelector: string): Promise<readonly string[]> {
  const request = { path: '/api/v1/nodes', query: { labelSelector }, access: LIST_NODES };
  const project = (object: unknown) => textOf(objectOf(objectOf(object)['metadata'])['name']);
  return listObjects(client, { request, project, signal });
}
