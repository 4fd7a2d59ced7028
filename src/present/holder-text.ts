// Who holds ports, in plain words: workloads by name where pods are known, addresses where not.
import type { Attribution, HolderShare, PortSpaceVerdict } from '../core/analysis/diagnosis.ts';
import type { Holder } from '../core/model/holder.ts';
import { workloadName } from '../core/model/workload.ts';
import { formatCount, formatInteger } from './number-text.ts';
import { sourceShares } from './port-space-text.ts';
import { formatShare } from './share-text.ts';

/** `payments/checkout (Deployment, 3 pods here) 81 %, payments/refunds 12 %, 4 others 7 %`; by address where pods are not known. */
export function whoText({ holders, sources }: PortSpaceVerdict, shown: number): string {
  if (holders === undefined) return sourceShares(sources, shown);
  const named = holders
    .slice(0, shown)
    .map((share, index) => `${index === 0 ? fullName(share) : holderName(share.holder)} ${formatShare(share.share)}`);
  const rest = holders.slice(shown);
  const restShare = rest.reduce((sum, { share }) => sum + share, 0);
  const others = `${formatInteger(rest.length)} other${rest.length === 1 ? '' : 's'} ${formatShare(restShare)}`;
  return [...named, ...(rest.length === 0 ? [] : [others])].join(', ');
}

/** `payments/checkout (Deployment, 3 pods here)`. */
export function fullName({ holder, pods }: HolderShare): string {
  if (holder.kind !== 'workload') return holderName(holder);
  const { kind } = holder.workload;
  return `${holderName(holder)} (${kind === 'Pod' ? 'Pod' : `${kind}, ${formatCount(pods, 'pod')} here`})`;
}

export function holderName(holder: Holder): string {
  switch (holder.kind) {
    case 'workload':
      return workloadName(holder.workload);
    case 'host':
      return 'the node itself';
    case 'gone':
      return 'pods that are gone';
    case 'stranger':
      return 'addresses of no known pod';
    default:
      return 'not known';
  }
}

/** `100 % of the ports in use are attributed to a pod or the node`; empty where pods are not known. */
export function attributionText(attribution: Attribution | undefined): string {
  if (attribution === undefined || attribution.openedPorts === 0) return '';
  const share = formatShare(attribution.attributedPorts / attribution.openedPorts);
  return `${share} of flows attributed to a pod or the node`;
}

/** One line a holder, and one a pod of it: for --explain. */
export function holderEvidence({ holders, sources }: PortSpaceVerdict): string[] {
  if (holders === undefined) return [];
  const pods = sources.flatMap(({ address, pod, ports }) =>
    pod === undefined ? [] : [`pod ${pod} (${address}): ${formatCount(ports, 'port')}`],
  );
  const lines = holders.map(
    (share) => `${fullName(share)}: ${formatCount(share.ports, 'port')}, ${formatShare(share.share)}`,
  );
  return [...lines, ...pods];
}
