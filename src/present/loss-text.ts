// Packets the node lost while it was watched, said as what they died of.
import type { LossSummary } from '../core/analysis/diagnosis.ts';
import { formatSeconds } from './duration-text.ts';
import { formatCount, formatNumber } from './number-text.ts';

const LOST_RACE = 'at confirmation (the same port chosen twice)';

/** `Lost in the last 2 s: 25 packets that got no port`; that nobody counted is said too. */
export function formatLosses(losses: LossSummary | undefined): string {
  if (losses === undefined) return 'Lost packets: not counted';
  const kinds = [
    losses.snat === 0
      ? ''
      : `${formatCount(losses.snat, 'packet')} ${losses.areRaces === true ? LOST_RACE : 'that got no port'}`,
    losses.tableFull === 0 ? '' : `${formatCount(losses.tableFull, 'packet')} to a full conntrack table`,
  ].filter((text) => text !== '');
  const probes =
    losses.probesPerFlow === undefined ? '' : ` (${formatNumber(losses.probesPerFlow)} taken ports tried per new flow)`;
  return `Lost in the last ${formatSeconds(losses.seconds)}: ${kinds.length === 0 ? 'nothing' : kinds.join(', ')}${probes}`;
}
