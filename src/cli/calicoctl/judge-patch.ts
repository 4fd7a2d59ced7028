// What speaks against a patch of natPortRange beyond its text: layers that would shadow it, pools, ports of others. It needs no
// right: what cannot be read is a warning.
import { hitError } from '../../act/calicoctl-failure.ts';
import { parsePatch } from '../../act/parse-patch.ts';
import type { PatchRequest } from '../../act/patch-felix-configuration.ts';
import { judgeNatPortRangeWrite } from '../../core/analysis/judge-range-write.ts';
import type { RangeWriteFacts, WriteRemark, WriteRemarkId } from '../../core/analysis/range-write.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { objectOf, textOf } from '../../core/kube-objects/parse-object.ts';
import { readRangeSources } from '../../kube/calico/read-range-sources.ts';
import { readWriteFacts } from '../change/write-facts.ts';
import { clusterRangeOf } from '../range/cluster-range-of.ts';
import type { OpenedCalico } from './open-calico.ts';

/** The text is judged in calicoctl's own words, and a patch of what stands there already is said by itself. */
const SAID_ELSEWHERE: ReadonlySet<WriteRemarkId> = new Set([
  'named-port',
  'single-port',
  'undecodable',
  'none',
  'below-1024',
  'no-change',
]);

/** @returns warnings, a sentence each. Errors: PTL_CALICO_OBJECT for what only --force writes; those of the connection. */
export async function judgePatch(calico: OpenedCalico, request: PatchRequest): Promise<readonly string[]> {
  const wanted = textOf(objectOf(parsePatch(request.patch)?.['spec'])['natPortRange']);
  if (wanted === undefined) return [];
  const remarks = await readRemarks(calico, request.name, wanted);
  if (typeof remarks === 'string') return [remarks];
  const refusals = remarks.filter(({ severity }) => severity === 'refusal');
  if (refusals.length > 0 && !request.isForced) throw refused(wanted, refusals);
  return remarks.map(({ sentence }) => sentence);
}

async function readRemarks(
  calico: OpenedCalico,
  object: string,
  wanted: string,
): Promise<readonly WriteRemark[] | string> {
  const { client, signal } = calico.reader;
  try {
    const sources = await readRangeSources(client, {
      node: undefined,
      asksNodePorts: false,
      group: calico.group,
      signal,
    });
    const cluster = clusterRangeOf(sources, undefined);
    const facts: RangeWriteFacts = {
      ...(await readWriteFacts(client, sources, signal)),
      object,
      nodes: object.startsWith('node.') ? cluster.nodes.filter(({ node }) => `node.${node}` === object) : cluster.nodes,
      pools: cluster.pools,
      nodePorts: cluster.nodePorts,
      masquerader: cluster.masquerader.by,
    };
    return judgeNatPortRangeWrite(wanted, facts).remarks.filter(({ id }) => !SAID_ELSEWHERE.has(id));
  } catch (error) {
    if (!(error instanceof PortolanError) || signal.aborted) throw error;
    return `it was not judged what the range does in this cluster: ${error.message}`;
  }
}

function refused(wanted: string, refusals: readonly WriteRemark[]): PortolanError {
  const [first, ...others] = refusals;
  const lines = [first?.sentence ?? '', ...others.map(({ sentence }) => `and: ${sentence}`)];
  const remedy = first?.remedy === undefined ? '' : `${first.remedy}; `;
  return hitError(
    `Cannot write natPortRange ${JSON.stringify(wanted)}: ${lines.join('\n')}`,
    `${remedy}nothing was changed; --force writes it all the same, as calicoctl does`,
  );
}
