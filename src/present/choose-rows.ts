// Which port spaces get a row of their own: those with something to say; the others are counted in one line.
import type { Diagnosis, PortSpaceVerdict, QuietSpaces } from '../core/analysis/diagnosis.ts';
import { ROW_SHARE } from '../core/analysis/thresholds.ts';

/** The rows of a screen when nobody asked for a number; only then are quiet ones left out. */
export const DEFAULT_ROWS = 5;

export interface ChosenRows {
  readonly shown: readonly PortSpaceVerdict[];
  /** Cut by the number of rows, worst first. */
  readonly cut: readonly PortSpaceVerdict[];
  /** Without a row, and nothing wrong with them. */
  readonly rest: QuietSpaces;
}

/** Chooses the rows of one screen; all that are fine are listed only when a number of rows was asked for. */
export function chooseRows({ portSpaces, quiet }: Diagnosis, top: number): ChosenRows {
  const listed = top === DEFAULT_ROWS ? withoutQuietRows(portSpaces) : portSpaces;
  const folded = portSpaces.filter((space) => !listed.includes(space));
  return { shown: listed.slice(0, top), cut: listed.slice(top), rest: fold(quiet, folded) };
}

/** Everything that is not fine, and of the fine ones the fullest, when it is worth a look or nothing else is there. */
export function withoutQuietRows(portSpaces: readonly PortSpaceVerdict[]): readonly PortSpaceVerdict[] {
  const loud = portSpaces.filter(({ severity }) => severity !== 'ok');
  const [fullest] = portSpaces.filter(({ severity }) => severity === 'ok').toSorted((a, b) => shareOf(b) - shareOf(a));
  const isWorthARow = fullest !== undefined && (loud.length === 0 || shareOf(fullest) >= ROW_SHARE);
  return isWorthARow ? [...loud, fullest] : loud;
}

/** The quiet spaces with the given ones among them. */
export function fold(quiet: QuietSpaces, folded: readonly PortSpaceVerdict[]): QuietSpaces {
  return {
    count: quiet.count + folded.length,
    highestShare: Math.max(quiet.highestShare, ...folded.map(shareOf)),
  };
}

function shareOf({ usedPorts, capacityPorts }: PortSpaceVerdict): number {
  return usedPorts / capacityPorts;
}
