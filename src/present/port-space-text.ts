// The figures of one port space as short phrases, in plain words; the kernel's words are in diagnosis-wide.ts.
import type { PortSpaceVerdict, SourceShare } from '../core/analysis/diagnosis.ts';
import { WARNING_DROP } from '../core/analysis/thresholds.ts';
import type { Answer } from '../core/model/kernel-behaviour.ts';
import { TCP } from '../core/model/protocol.ts';
import { formatSeconds } from './duration-text.ts';
import { formatInteger, formatRate } from './number-text.ts';
import { oneInN } from './one-in-n.ts';
import { formatShare } from './share-text.ts';
import { flowNoun } from './words.ts';

/** `32,101 of 32,768 ports`. */
export function usedPorts(verdict: PortSpaceVerdict): string {
  return `${formatInteger(verdict.usedPorts)} of ${formatInteger(verdict.capacityPorts)} ports`;
}

/** `next connection lost: 1 in 22`, nothing where none can be lost for want of a port; two figures when it depends on what the kernel was not seen to do. */
export function nextLost(verdict: PortSpaceVerdict, evictsClosing: Answer): string {
  if (verdict.dropProbability === 0 && verdict.dropProbabilityWithoutEviction === 0) return '';
  const noun = flowNoun(verdict.portSpace.protocol);
  const best = oneInN(verdict.dropProbability);
  const worst = oneInN(verdict.dropProbabilityWithoutEviction);
  const depends = evictsClosing === 'unknown' && verdict.portSpace.protocol === TCP && best !== worst;
  // Other causes, such as a race, are told elsewhere: a row that is fine speaks of ports only.
  const cause = verdict.severity === 'ok' ? ' for want of a port' : '';
  return `next ${noun} lost${cause}: ${depends ? `${best} to ${worst}` : best}${seenLost(verdict)}`;
}

/** The share that was really lost, beside the computed one. */
function seenLost({ losses }: PortSpaceVerdict): string {
  if (losses?.measuredLoss === undefined) return '';
  const share = losses.measuredLoss >= 1 ? 'all' : oneInN(losses.measuredLoss);
  return `; in the last ${formatSeconds(losses.seconds)} ${share} were lost`;
}

/** How many held ports belong to open flows, how many are closing, and what becomes of those. */
export function heldPorts(verdict: PortSpaceVerdict, evictsClosing: Answer): string {
  if (verdict.usedPorts === 0) return '';
  const open = verdict.usedPorts - verdict.closingPorts;
  if (verdict.closingPorts === 0) return `${formatInteger(open)} in use${releaseText(verdict, open)}`;
  return `${formatInteger(open)} in use, ${formatInteger(verdict.closingPorts)} closing${closingFate(verdict, evictsClosing)}`;
}

function closingFate(verdict: PortSpaceVerdict, evictsClosing: Answer): string {
  const { closingPorts, evictablePorts } = verdict;
  if (evictsClosing !== 'yes' || evictablePorts === 0) return releaseText(verdict, closingPorts);
  const which = evictablePorts === closingPorts ? 'those' : `${formatInteger(evictablePorts)} of those`;
  return ` (this kernel reuses ${which} when it needs them)`;
}

function releaseText({ release }: PortSpaceVerdict, ports: number): string {
  if (release === undefined || release.ports === 0) return '';
  const first = formatSeconds(release.firstSeconds);
  const last = formatSeconds(release.lastSeconds);
  const count = release.ports === ports ? '' : `${formatInteger(release.ports)} `;
  return ` (${count}free again in ${first === last ? first : `${first} to ${last}`})`;
}

/** `268 new/s; 247/s fit`, and how long a port is held. */
export function arrivals(verdict: PortSpaceVerdict): string {
  const { newPerSecond, sustainablePerSecond, holdSeconds, losses } = verdict;
  if (newPerSecond === undefined && losses === undefined) return '';
  const tried = (newPerSecond ?? 0) + (losses?.lostPerSecond ?? 0);
  // The estimate rests on one moment; where packets are lost, a figure that says they fit is wrong.
  const loses = losses !== undefined || verdict.dropProbability >= WARNING_DROP;
  const isBelied = loses && sustainablePerSecond !== undefined && sustainablePerSecond >= tried;
  const fit = sustainablePerSecond === undefined || isBelied ? '' : `, room for ${formatRate(sustainablePerSecond)}`;
  const hold = holdSeconds === undefined ? '' : ` (each holds its port for ${formatSeconds(holdSeconds)})`;
  return `${formatTried(verdict)}${fit}${hold}`;
}

/** What came; where losses are this space's, what got through and what did not. */
function formatTried({ newPerSecond, losses, portSpace, dropProbability }: PortSpaceVerdict): string {
  const noun = flowNoun(portSpace.protocol);
  // NEW events are only made for flows that got through: where some are lost, none seen is not none tried.
  if (losses === undefined && newPerSecond === 0 && dropProbability >= WARNING_DROP)
    return `no new ${noun} got through`;
  if (losses === undefined) return formatNew(newPerSecond ?? 0, portSpace.protocol);
  const lost = `${formatRate(losses.lostPerSecond).replace('/s', '')} were lost a second`;
  if (newPerSecond === undefined) return lost.replace('were', `${noun}s were`);
  if (newPerSecond === 0) return `no ${noun} got through in the last ${formatSeconds(losses.seconds)}, ${lost}`;
  return `${formatRate(newPerSecond).replace('/s', '')} ${noun}s got through and ${lost}`;
}

function formatNew(perSecond: number, protocol: number): string {
  return perSecond === 0
    ? `no new ${flowNoun(protocol)}s`
    : `${formatRate(perSecond).replace('/s', '')} new ${flowNoun(protocol)}s/s`;
}

/** `full in about 4 min at the present growth`. */
export function forecast({ fullInSeconds }: PortSpaceVerdict): string {
  return fullInSeconds === undefined
    ? ''
    : `full in about ${formatSeconds(Math.max(1, Math.round(fullInSeconds)))} at the present growth`;
}

/** `10.1.2.3 81 %, 10.1.2.4 12 %, 4 others 7 %`: the first few sources and the rest in one. */
export function sourceShares(sources: readonly SourceShare[], shown: number): string {
  const rest = sources.slice(shown);
  const named = sources.slice(0, shown).map((source) => `${source.address} ${formatShare(source.share)}`);
  if (rest.length === 0) return named.join(', ');
  const restShare = rest.reduce((sum, source) => sum + source.share, 0);
  return [
    ...named,
    `${formatInteger(rest.length)} other${rest.length === 1 ? '' : 's'} ${formatShare(restShare)}`,
  ].join(', ');
}
