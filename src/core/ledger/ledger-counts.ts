// What happened to a ledger since it was made.

/** Totals; none ever falls. */
export interface LedgerCounts {
  /** Beginnings and ends that were heard. */
  began: number;
  ended: number;
  /** Of them: SNATed flows. */
  snatBegan: number;
  snatEnded: number;
  /** Ends of flows that were not known. */
  unknownEnds: number;
  /** Flows that gave way to another in the same port whose end was not heard. */
  replaced: number;
  /** Flows that a dump showed and nobody had announced. */
  found: number;
  /** Flows that a dump no longer showed and whose end was not heard. */
  vanished: number;
  /** Closing flows dropped because their time had run out. */
  aged: number;
  /** Flows that were not kept because the ledger was full. */
  unlisted: number;
}

/** Nothing happened yet. */
export function newLedgerCounts(): LedgerCounts {
  return {
    began: 0,
    ended: 0,
    snatBegan: 0,
    snatEnded: 0,
    unknownEnds: 0,
    replaced: 0,
    found: 0,
    vanished: 0,
    aged: 0,
    unlisted: 0,
  };
}
