// A gap of a node that someone looks at from elsewhere.
import type { Gap } from '../../core/model/gap.ts';

/** Remedies of gaps that would be typed on the node itself. */
export function gapInCluster(gap: Gap): Gap {
  const { remedy } = gap;
  if (
    remedy === undefined ||
    remedy.includes('on the node') ||
    !/^(sudo )?(portolan|conntrack|iptables|nft)\b/.test(remedy)
  )
    return gap;
  return { ...gap, remedy: `${remedy}, on the node` };
}
