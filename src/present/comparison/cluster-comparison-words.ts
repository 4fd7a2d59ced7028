// The words of a comparison of clusters.
import type {
  ClusterComparison,
  NodeComparison,
  SoleKind,
  SoleNode,
} from '../../core/analysis/compare/cluster-comparison.ts';
import { formatCount } from '../number-text.ts';

export const SOLE_LABELS: Readonly<Record<SoleKind, string>> = {
  appeared: 'APPEARED',
  vanished: 'VANISHED',
  unread: 'NOT READ',
};

/** `prod: 6 nodes -> 7 nodes  2026-11-22T03:12:00Z -> 2026-11-22T04:12:00Z`. */
export function clusterLookText({ before, after }: ClusterComparison): string {
  const name = before.name === after.name ? after.name : `${before.name} -> ${after.name}`;
  const [was, is] = [before, after].map(({ nodes }) => formatCount(nodes, 'node'));
  return `${name}: ${was === is ? is : `${was} -> ${is}`}, ${before.at} -> ${after.at}`;
}

export function soleText({ kind, verdict }: SoleNode): string {
  switch (kind) {
    case 'appeared':
      return `only in the later look: ${verdict}`;
    case 'vanished':
      return `only in the earlier look: it was ${verdict}`;
    case 'unread':
      return `read in one of the two only, there it is ${verdict}`;
  }
}

export function changeText({ change = '', otherChanges }: NodeComparison): string {
  return otherChanges === 0 ? change : `${change}; and ${formatCount(otherChanges, 'other')}`;
}
