// What changed about the node as a whole: ranges, losses, its conntrack table, findings, kernel, what was seen.
import { formatInteger, formatRate } from '../../model/number-text.ts';
import { ownerName } from '../../model/owner-name.ts';
import { formatRange } from '../../model/port-range.ts';
import type { Diagnosis } from '../diagnosis.ts';
import type { Finding } from '../finding.ts';
import type { NodeChange, Trend } from './comparison.ts';
import type { Moment } from './moment.ts';
import { isTrouble, trendOfAmount } from './trend.ts';

const LEAST_LOST_PER_SECOND = 0.1;
const NONE = 'none';
const NOT_SEEN = 'not seen';

/** All that is not the same, in a fixed order. */
export function compareNode(before: Moment, after: Moment): readonly NodeChange[] {
  const [left, right] = [before.diagnosis, after.diagnosis];
  return [
    change('node', left.node, right.node),
    change('kernel', left.behaviour.release, right.behaviour.release),
    ...rangeChanges(left, right),
    lossChange('lost for want of a port', [left, right], ({ snat }) => snat),
    lossChange('lost to a full conntrack table', [left, right], ({ tableFull }) => tableFull),
    change('most conntrack entries', mostEntries(left), mostEntries(right)),
    ...findingChanges(left, right),
    ...gapChanges(left, right),
  ].filter(({ before: was, after: is }) => was !== is);
}

function change(what: string, before: string, after: string, trend: Trend = 'changed'): NodeChange {
  return { what, before, after, trend };
}

function rangeChanges(left: Diagnosis, right: Diagnosis): NodeChange[] {
  const protocols = new Set([...left.ranges, ...right.ranges].map(({ protocol }) => protocol));
  return [...protocols].map((protocol) =>
    change(`range of ${protocol}`, rangeText(left, protocol), rangeText(right, protocol)),
  );
}

function rangeText({ ranges }: Diagnosis, wanted: string): string {
  const effective = ranges.find(({ protocol }) => protocol === wanted)?.effective;
  if (effective === undefined) return NONE;
  return `${formatRange(effective.range)} by ${effective.isDefault ? 'the kernel' : ownerName(effective.owner)}`;
}

function lossChange(
  what: string,
  [left, right]: readonly [Diagnosis, Diagnosis],
  packetsOf: (losses: NonNullable<Diagnosis['losses']>) => number,
): NodeChange {
  const perSecond = ({ losses }: Diagnosis): number | undefined =>
    losses === undefined ? undefined : packetsOf(losses) / Math.max(losses.seconds, 0.001);
  const text = (rate: number | undefined): string => (rate === undefined ? NOT_SEEN : formatRate(rate));
  const [before, after] = [perSecond(left), perSecond(right)];
  const isSeen = before !== undefined && after !== undefined;
  return change(
    what,
    text(before),
    text(after),
    isSeen ? trendOfAmount(before, after, LEAST_LOST_PER_SECOND) : 'unclear',
  );
}

function mostEntries({ table }: Diagnosis): string {
  return table === undefined ? NOT_SEEN : formatInteger(table.max);
}

/** Findings about the node that came or went; those of port spaces stand in their rows. */
function findingChanges(left: Diagnosis, right: Diagnosis): NodeChange[] {
  const troubles = ({ findings }: Diagnosis): readonly Finding[] =>
    findings.filter(({ severity }) => isTrouble(severity));
  const [before, after] = [troubles(left), troubles(right)];
  const checks = new Set([...before, ...after].map(({ check }) => check));
  return [...checks].map((check) => {
    const [was, is] = [before, after].map((findings) => findings.filter((finding) => finding.check === check).length);
    const text = (count = 0): string => (count === 0 ? 'not found' : count === 1 ? 'found' : `found ${count} times`);
    return change(check, text(was), text(is), (is ?? 0) > (was ?? 0) ? 'worse' : 'better');
  });
}

/** What one look saw and the other did not. */
function gapChanges(left: Diagnosis, right: Diagnosis): NodeChange[] {
  const names = ({ gaps }: Diagnosis): ReadonlySet<string> => new Set(gaps.map(({ what }) => what));
  const [before, after] = [names(left), names(right)];
  return [...new Set([...before, ...after])].map((what) =>
    change(what, before.has(what) ? NOT_SEEN : 'seen', after.has(what) ? NOT_SEEN : 'seen'),
  );
}
