// Limits a diagnosis to the port spaces in which some pods hold a port: what the owner of these pods asked about.
import { INBOUND } from '../model/flow-status.ts';
import type { FlowTable } from '../model/flow-table.ts';
import type { Diagnosis } from './diagnosis.ts';
import { worstOf } from './severity.ts';

export interface PodLimit {
  readonly flows: FlowTable;
  /** Those of the pods, canonical text. */
  readonly addresses: ReadonlySet<string>;
}

/** What is found about the node as a whole stays: it concerns these pods too. */
export function limitToPods(diagnosis: Diagnosis, limit: PodLimit): Diagnosis {
  const rows = spacesOf(limit);
  const portSpaces = diagnosis.portSpaces.filter(({ portSpace }) => rows.has(portSpace.index));
  // A fine node says so of all its port spaces: that is not what was asked.
  const findings = diagnosis.findings.filter(({ check }) => check !== 'fine');
  return {
    ...diagnosis,
    findings,
    portSpaces,
    quiet: { count: rows.size - portSpaces.length, highestShare: diagnosis.quiet.highestShare },
    severity: worstOf([...findings, ...portSpaces].map(({ severity }) => severity)),
  };
}

/** Rows of the port spaces that flows of these addresses are in; one pass over the flows. */
function spacesOf({ flows, addresses }: PodLimit): ReadonlySet<number> {
  const isWanted = Uint8Array.from({ length: flows.addressCount }, (_, row) =>
    addresses.has(flows.address(row)) ? 1 : 0,
  );
  const spaces = new Set<number>();
  const { status, source, portSpace } = flows.flows;
  for (let row = 0; row < flows.flowCount; row += 1) {
    const isOpened = ((status[row] ?? 0) & INBOUND) === 0;
    if (isOpened && isWanted[source[row] ?? 0] === 1) spaces.add(portSpace[row] ?? 0);
  }
  return spaces;
}
