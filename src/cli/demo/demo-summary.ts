// The demo's last screen: the same figures before and after, all measured, or all computed, in this run.
import type { Diagnosis, PortSpaceVerdict } from '../../core/analysis/diagnosis.ts';
import { formatRange, type PortRange } from '../../core/model/port-range.ts';
import { layoutColumns } from '../../present/column-layout.ts';
import { formatInteger } from '../../present/number-text.ts';
import { oneInN } from '../../present/one-in-n.ts';
import { type ConnectFigures, formatLatency } from './connect-figures.ts';

/** One column of the comparison. */
export interface DemoSide {
  readonly title: string;
  readonly range: PortRange;
  readonly connects: ConnectFigures;
  readonly diagnosis: Diagnosis;
}

/** The port space the story is about: the one with most ports held. */
export function hottestSpace(diagnosis: Diagnosis): PortSpaceVerdict | undefined {
  return diagnosis.portSpaces.toSorted((left, right) => right.usedPorts - left.usedPorts)[0];
}

export function formatSummary(sides: readonly DemoSide[]): string {
  const row = (name: string, text: (side: DemoSide) => string): string[] => [name, ...sides.map(text)];
  const rows = [
    row('', ({ title }) => title),
    row('range', ({ range }) => formatRange(range)),
    row('ports held', heldText),
    row('next SYN lost', lossText),
    row('SYNs lost while watching', lostText),
    row('connects at once', ({ connects }) => `${connects.atOnce} of ${connects.tried}`),
    row('connects late', ({ connects }) => String(connects.late)),
    row('connects lost', ({ connects }) => String(connects.lost)),
    row('slowest connect', ({ connects }) => formatLatency(connects)),
    row('verdict', verdictText),
  ];
  return `${layoutColumns(rows).join('\n')}\n`;
}

function heldText({ diagnosis }: DemoSide): string {
  const space = hottestSpace(diagnosis);
  return space === undefined ? '-' : `${formatInteger(space.usedPorts)} of ${formatInteger(space.capacityPorts)}`;
}

function lossText({ diagnosis }: DemoSide): string {
  const space = hottestSpace(diagnosis);
  return space === undefined ? '-' : oneInN(space.dropProbability);
}

function lostText({ diagnosis: { losses } }: DemoSide): string {
  return losses === undefined ? '-' : `${formatInteger(losses.snat)} in ${losses.seconds.toFixed(1)} s`;
}

function verdictText({ diagnosis }: DemoSide): string {
  return hottestSpace(diagnosis)?.findings[0]?.check ?? diagnosis.severity;
}
