// Words of a simulation: moments as a scenario file writes them, destinations, kernels, and what happened when.
import { eraBehaviour, type KernelEra } from '../../core/alloc/kernel-era.ts';
import { formatRange, type PortRange, UNRESTRICTED_RANGE } from '../../core/model/port-range.ts';
import { protocolName } from '../../core/model/protocol.ts';
import type { SimDestination, SimEvent, SimScenario } from '../../sim/sim-scenario.ts';
import { formatCount, formatInteger, formatRate } from '../number-text.ts';

/** A moment or a duration as a scenario file writes it: `90s` is `1m30s`. */
export function momentText(seconds: number): string {
  if (seconds < 60) return `${Number(seconds.toFixed(seconds < 10 ? 1 : 0))}s`;
  const whole = Math.round(seconds);
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor((whole % 86_400) / 3600), 'h'],
    [Math.floor((whole % 3600) / 60), 'm'],
    [whole % 60, 's'],
  ];
  return parts
    .filter(([amount]) => amount > 0)
    .slice(0, 2)
    .map(([amount, unit]) => `${amount}${unit}`)
    .join('');
}

/** `203.0.113.9:443`, `[2001:db8::1]:443`. */
export function endpointText({ address, port }: Pick<SimDestination, 'address' | 'port'>): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** `tcp 203.0.113.9:443`. */
export function remoteText(destination: SimDestination): string {
  return `${protocolName(destination.protocol)} ${endpointText(destination)}`;
}

/** `32768-65535`; the parts of a split range are joined by a plus. */
export function rangesText(ranges: readonly PortRange[] | undefined): string {
  if (ranges === undefined) return `${formatRange(UNRESTRICTED_RANGE)} (no rule sets one)`;
  return ranges.map(formatRange).join(' + ');
}

/** `Linux 5.0 to 6.4 (does not reuse closing ports)`. */
export function eraText(era: KernelEra): string {
  const closing = eraBehaviour(era).evictsClosing === 'yes' ? 'reuses closing ports' : 'does not reuse closing ports';
  return `Linux ${ERA_RELEASES[era]} (${closing})`;
}

const ERA_RELEASES: Readonly<Record<KernelEra, string>> = {
  '4.x': '4.x',
  '5.0': '5.0 to 6.4',
  '6.5': '6.5 to 6.11',
  '6.12': '6.12 or later',
};

/** What happened, without when: `deploy checkout over 1m`. */
export function eventText(event: SimEvent): string {
  switch (event.kind) {
    case 'nat-port-range':
      return `natPortRange ${rangesText(event.ranges)}`;
    case 'deploy':
      return `deploy ${event.workload} over ${momentText(event.overSeconds)}`;
    case 'burst':
      return `burst ${event.workload} +${formatRate(event.perSecond)} for ${momentText(event.forSeconds)}`;
    case 'rate':
      return `${event.workload} ${formatRate(event.perSecond)}`;
    case 'nodes':
      return formatCount(event.count, 'node');
  }
}

/** `40 pods on 3 nodes, Linux 6.5 to 6.11 (reuses closing ports), range 32768-65535`. */
export function clusterText({ nodes, workloads }: SimScenario): string {
  const pods = workloads.reduce((total, workload) => total + workload.pods, 0);
  const addresses = nodes.snatAddresses === 1 ? '' : `, ${formatInteger(nodes.snatAddresses)} SNAT addresses each`;
  return `${formatCount(pods, 'pod')} on ${formatCount(nodes.count, 'node')}${addresses}, ${eraText(nodes.kernel)}, range ${rangesText(nodes.ranges)}`;
}

const LONGEST_NAME = 24;

/** A name may be longer than a table bears. */
export function shortName(name: string): string {
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 3)}...`;
}
