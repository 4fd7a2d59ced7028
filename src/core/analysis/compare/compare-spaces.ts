// Finds the same port space in both looks and says what became of it.
import type { FlowTable } from '../../model/flow-table.ts';
import type { PortSpaceVerdict } from '../diagnosis.ts';
import type { Moment } from './moment.ts';
import type { SpaceComparison, Trend } from './comparison.ts';
import { TRENDS } from './comparison.ts';
import { isTrouble, trendOfAmount, trendOfSeverity, worstTrend } from './trend.ts';

/** A chance of one in a million is told, below that it is as good as none. */
const LEAST_CHANCE = 1e-6;
/** One packet in a window of ten seconds. */
const LEAST_LOST_PER_SECOND = 0.1;

type Key = SpaceComparison['portSpace'];

/** All that either look charted. */
export function compareSpaces(before: Moment, after: Moment): readonly SpaceComparison[] {
  const pairs = new Map<string, [PortSpaceVerdict | undefined, PortSpaceVerdict | undefined]>();
  for (const row of before.diagnosis.portSpaces) pairs.set(keyText(row.portSpace), [row, undefined]);
  for (const row of after.diagnosis.portSpaces) {
    const key = keyText(row.portSpace);
    pairs.set(key, [pairs.get(key)?.[0], row]);
  }
  const flows = { before: flowsByKey(before.facts.flows, pairs), after: flowsByKey(after.facts.flows, pairs) };
  return [...pairs]
    .flatMap(([key, [left, right]]) => {
      const portSpace = (right ?? left)?.portSpace;
      if (portSpace === undefined) return [];
      const { zone, protocol, snatAddress, remoteAddress, remotePort } = portSpace;
      return [
        {
          portSpace: { zone, protocol, snatAddress, remoteAddress, remotePort },
          before: left,
          after: right,
          flowsBefore: flows.before.get(key) ?? 0,
          flowsAfter: flows.after.get(key) ?? 0,
          trend: trendOf(left, right),
        },
      ];
    })
    .toSorted(worstFirst);
}

function trendOf(before: PortSpaceVerdict | undefined, after: PortSpaceVerdict | undefined): Trend {
  // What is not charted holds few ports and loses nothing.
  const severity = trendOfSeverity(before?.severity ?? 'ok', after?.severity ?? 'ok');
  if (severity !== 'same') return severity;
  if (before === undefined || after === undefined) return 'changed';
  if (!isTrouble(after.severity)) return 'same';
  return worstTrend([
    trendOfAmount(before.dropProbability, after.dropProbability, LEAST_CHANCE),
    trendOfAmount(before.losses?.lostPerSecond ?? 0, after.losses?.lostPerSecond ?? 0, LEAST_LOST_PER_SECOND),
  ]);
}

/** Flows of the charted port spaces, also in the look that did not chart them. */
function flowsByKey(table: FlowTable, wanted: ReadonlyMap<string, unknown>): ReadonlyMap<string, number> {
  const flows = new Map<string, number>();
  for (let row = 0; row < table.portSpaceCount; row += 1) {
    const space = table.portSpace(row);
    const key = keyText(space);
    if (wanted.has(key)) flows.set(key, space.flows);
  }
  return flows;
}

function keyText({ zone, protocol, snatAddress, remoteAddress, remotePort }: Key): string {
  return `${zone} ${protocol} ${snatAddress} ${remoteAddress} ${remotePort}`;
}

function worstFirst(left: SpaceComparison, right: SpaceComparison): number {
  return TRENDS.indexOf(left.trend) - TRENDS.indexOf(right.trend) || fullness(right) - fullness(left);
}

function fullness({ before, after }: SpaceComparison): number {
  const share = (row: PortSpaceVerdict | undefined): number =>
    row === undefined ? 0 : row.usedPorts / Math.max(1, row.capacityPorts);
  return Math.max(share(before), share(after));
}
