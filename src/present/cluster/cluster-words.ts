// What holds for the cluster as a whole, in phrases that every format uses.
import type { ClusterClaim } from '../../core/analysis/claim-tally.ts';
import type { ClusterDiagnosis, ClusterGap } from '../../core/analysis/cluster-diagnosis.ts';
import { formatRange } from '../../core/model/port-range.ts';
import { ownerName } from '../../core/model/owner-name.ts';
import { formatClaimGroup, groupClaims } from '../claim-groups.ts';
import { nodePortSourceText, someNames } from '../node-range-text.ts';
import { formatCount, formatInteger } from '../number-text.ts';
import { readByWords } from '../read-by-words.ts';

/** `1 critical, 1 warning, 1 unknown, 5 fine of 8 nodes`. */
export function countsText({ counts, nodes, leftOut }: ClusterDiagnosis): string {
  const parts = Object.entries(counts).flatMap(([name, count]) =>
    count === 0 ? [] : [`${formatInteger(count)} ${name}`],
  );
  const all = nodes.length + leftOut;
  const rest = leftOut === 0 ? '' : ` (${formatInteger(leftOut)} left out by --max-nodes)`;
  return `${parts.join(', ') || 'none'} of ${formatCount(all, 'node')}${rest}`;
}

/** Calico's version and form of rules, what else writes rules, the range of NodePorts. */
export function clusterWords({ calicoVersion, writers, nodePorts, nodes }: ClusterDiagnosis): string[] {
  const version = calicoVersion.seen ? ` ${calicoVersion.value}` : '';
  const forms = writers
    .filter(({ owner }) => owner !== 'unknown')
    // Its rules are the ones that the range is about.
    .toSorted((left, right) => Number(right.owner === 'calico') - Number(left.owner === 'calico'))
    .slice(0, 4)
    .map(({ owner, backend }) => `${ownerName(owner)}${owner === 'calico' ? version : ''} (${backend})`);
  const { range, source } = nodePorts;
  const ways = nodes.map((answer) => ('summary' in answer ? answer.summary.readBy : undefined));
  return [...forms, `NodePorts ${formatRange(range)} (${nodePortSourceText(source)})`, ...readByWords(ways)];
}

/** `Claims inside the range, harmless: tcp 30080 NodePort of Service shop/web (8 nodes), ...`. */
export function claimTexts(claims: readonly ClusterClaim[], most: number): { hurting: string[]; harmless: string[] } {
  const texts = (hurts: boolean): string[] =>
    groupClaims(claims.filter((claim) => claim.hurts === hurts))
      .slice(0, most)
      .map((group) => `${formatClaimGroup(group)}${hurts ? `: ${group.truth}` : ''}`);
  return { hurting: texts(true), harmless: texts(false) };
}

/** `the kernel's behaviour (...) on 8 nodes`. */
export function clusterGapText({ gap: { what, why }, nodes }: ClusterGap, all: number): string {
  if (nodes.length === 0) return `${what} (${why})`;
  const where = nodes.length === all ? 'every node' : someNames(nodes);
  return `${what} on ${where} (${why})`;
}
