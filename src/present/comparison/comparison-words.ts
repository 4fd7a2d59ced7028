// The words of a comparison: before and after side by side, once where they are equal.
import type { NodeChange, SpaceComparison, Trend } from '../../core/analysis/compare/comparison.ts';
import type { PortSpaceVerdict } from '../../core/analysis/diagnosis.ts';
import type { Severity } from '../../core/analysis/finding.ts';
import { formatRange } from '../../core/model/port-range.ts';
import { formatPortSpace } from '../../core/model/port-space.ts';
import { protocolName } from '../../core/model/protocol.ts';
import { formatCount, formatInteger, formatRate } from '../number-text.ts';
import { oneInN } from '../one-in-n.ts';
import { sourceShares } from '../port-space-text.ts';
import { flowNoun, verdictLabel } from '../words.ts';

const SOURCES_SHOWN = 2;
const NOT_KNOWN = 'not known';

export const TREND_LABELS: Readonly<Record<Trend, string>> = {
  worse: 'WORSE',
  unclear: 'UNCLEAR',
  better: 'BETTER',
  changed: 'CHANGED',
  same: 'SAME',
};

/** The mark and colour of a trend. */
export const TREND_TONES: Readonly<Record<Trend, Severity>> = {
  worse: 'critical',
  unclear: 'unknown',
  better: 'ok',
  changed: 'info',
  same: 'info',
};

export function spaceName({ portSpace }: SpaceComparison): string {
  return formatPortSpace({ ...portSpace, index: 0, flows: 0 }, protocolName(portSpace.protocol));
}

/** `churn -> fine`; a space that was not charted is quiet, or unused. */
export function verdictChange({ before, after, flowsBefore, flowsAfter }: SpaceComparison): string {
  const verdict = (row: PortSpaceVerdict | undefined, flows: number): string =>
    row === undefined
      ? flows === 0
        ? 'unused'
        : 'quiet'
      : verdictLabel(row.findings[0]?.check ?? 'fine').toLowerCase();
  return arrow(verdict(before, flowsBefore), verdict(after, flowsAfter));
}

export interface FigureChange {
  readonly name: string;
  readonly text: string;
}

/** Ports used, chance of a loss, rates, losses, range, who: each where either side knows it. */
export function figureChanges({ before, after, flowsBefore, flowsAfter, portSpace }: SpaceComparison): FigureChange[] {
  const both = (text: (row: PortSpaceVerdict) => string, absent = NOT_KNOWN): string =>
    arrow(before === undefined ? absent : text(before), after === undefined ? absent : text(after));
  const used = arrow(
    before === undefined ? formatCount(flowsBefore, 'flow') : usedOf(before),
    after === undefined ? formatCount(flowsAfter, 'flow') : usedOf(after),
  );
  const isSaid = (pick: (row: PortSpaceVerdict) => unknown): boolean =>
    [before, after].some((row) => row !== undefined && pick(row) !== undefined);
  return [
    { name: 'ports used', text: used },
    { name: `next ${flowNoun(portSpace.protocol)} lost`, text: both((row) => oneInN(row.dropProbability), '0') },
    ...(isSaid(({ newPerSecond }) => newPerSecond)
      ? [{ name: 'new', text: both(({ newPerSecond }) => rate(newPerSecond)) }]
      : []),
    ...(isSaid(({ losses }) => losses)
      ? [{ name: 'lost', text: both(({ losses }) => formatRate(losses?.lostPerSecond ?? 0), formatRate(0)) }]
      : []),
    { name: 'range', text: both(({ effective }) => formatRange(effective.range)) },
    { name: 'who', text: both(({ sources }) => sourceShares(sources, SOURCES_SHOWN)) },
  ];
}

export function nodeChangeText({ what, before, after }: NodeChange): string {
  return `${what}: ${arrow(before, after)}`;
}

function usedOf({ usedPorts, capacityPorts }: PortSpaceVerdict): string {
  return `${formatInteger(usedPorts)} of ${formatInteger(capacityPorts)}`;
}

/** `before -> after`, once where both are the same. */
function arrow(before: string, after: string): string {
  return before === after ? after : `${before} -> ${after}`;
}

function rate(perSecond: number | undefined): string {
  return perSecond === undefined ? NOT_KNOWN : formatRate(perSecond);
}
