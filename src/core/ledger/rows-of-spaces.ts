// Which rows of the ledger belong to some of its port spaces: one pass over one column.
import type { FlowLedger } from './flow-ledger.ts';
import { FREE } from './ledger-columns.ts';

/** The rows of each of the port spaces, ascending. */
export function rowsOfSpaces(ledger: FlowLedger, spaces: readonly number[]): readonly Uint32Array[] {
  const groups = spaces.map((space) => new Uint32Array(ledger.spaces.flowsOf(space)));
  const places = new Int32Array(ledger.spaces.count).fill(-1);
  spaces.forEach((space, place) => (places[space] = place));
  const filled = new Uint32Array(spaces.length);
  const column = ledger.columns.portSpace;
  for (let row = 0; row < ledger.top; row += 1) {
    const space = column[row] ?? FREE;
    // Asked first: a look-up far outside the array costs fifty times one inside.
    if (space === FREE) continue;
    const place = places[space] ?? -1;
    if (place < 0) continue;
    const group = groups[place];
    if (group !== undefined) group[filled[place] ?? 0] = row;
    filled[place] = (filled[place] ?? 0) + 1;
  }
  return groups;
}
