// The chance that the next flow of a simulated port space is lost, with the dear formula left out where it must be 0.
import { dropProbability } from '../core/alloc/drop-probability.ts';
import type { SearchBehaviour } from '../core/alloc/port-search.ts';
import { type PortRange, rangeSize } from '../core/model/port-range.ts';
import type { PortSet } from '../core/model/port-set.ts';
import type { PortMaps } from './space-group.ts';

/** A search of a larger range begins with a window of so many candidates, all of which must be occupied for it to fail. */
const FIRST_WINDOW = 128;
const FULL_WORD = 0xffffffff;
const STARTS = 65_536;

/** Chance over all parts, each weighed by its size. */
export function spacePressure(
  space: PortMaps,
  rule: { readonly ranges: readonly PortRange[]; readonly protocol: number; readonly behaviour: SearchBehaviour },
): number {
  const { occupied, evictable } = space;
  let [weighted, size] = [0, 0];
  for (const range of rule.ranges) {
    const ports = rangeSize(range);
    size += ports;
    if (!canFail(occupied, range)) continue;
    weighted +=
      ports * dropProbability({ occupied, evictable, range, protocol: rule.protocol, behaviour: rule.behaviour });
  }
  return weighted / size;
}

/** Whether some window of a first round may be occupied from end to end; false is certain. */
export function canFail(occupied: PortSet, range: PortRange): boolean {
  const size = rangeSize(range);
  // One window of all ports; where the u16 counter starts again it may see half of them twice and the others not at all.
  if (size <= FIRST_WINDOW) return occupied.count(range) >= size / 2;
  return hasLongRun(occupied, range) || wrappedRun(occupied, range) >= FIRST_WINDOW;
}

/** 128 ports in a row cover at least three whole words of the map. */
function hasLongRun({ words }: PortSet, { first, last }: PortRange): boolean {
  let full = 0;
  for (let word = first >>> 5; word <= last >>> 5; word += 1) {
    full = words[word] === FULL_WORD ? full + 1 : 0;
    if (full === 3) return true;
  }
  return false;
}

/** The longest run over the range's end, or over the place where the u16 counter starts again, to its beginning. */
function wrappedRun(occupied: PortSet, range: PortRange): number {
  const lap = (STARTS - 1) % rangeSize(range);
  const head = runFrom(occupied, { port: range.first, step: 1, range });
  const tail = runFrom(occupied, { port: range.last, step: -1, range });
  const cut = runFrom(occupied, { port: range.first + lap, step: -1, range });
  // The counter's last lap is cut short; a run that fills it reaches back into the lap before.
  return head + Math.max(tail, cut > lap ? cut + tail : cut);
}

function runFrom(
  occupied: PortSet,
  from: { readonly port: number; readonly step: 1 | -1; readonly range: PortRange },
): number {
  let run = 0;
  for (
    let port = from.port;
    port >= from.range.first && port <= from.range.last && run < FIRST_WINDOW;
    port += from.step
  ) {
    if (!occupied.has(port)) break;
    run += 1;
  }
  return run;
}
