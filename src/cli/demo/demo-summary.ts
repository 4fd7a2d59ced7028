// The demo's last screen: the same figures before and after, all measured in this run.
import type { Diagnosis, PortSpaceVerdict } from '../../core/analysis/diagnosis.ts';
import { formatRange, type PortRange } from '../../core/model/port-range.ts';
import { layoutColumns } from '../../present/column-layout.ts';
import { formatInteger } from '../../present/number-text.ts';
import { oneInN } from '../../present/one-in-n.ts';
import { type ConnectFigures, formatLatency } from './connect-figures.ts';

/** One side of the comparison. */
export interface DemoSide {
  readonly range: PortRange;
  readonly connects: ConnectFigures;
  readonly diagnosis: Diagnosis;
}

/** The port space the story is about: the one with most ports held. */
export function hottestSpace(diagnosis: Diagnosis): PortSpaceVerdict | undefined {
  return diagnosis.portSpaces.toSorted((left, right) => right.usedPorts - left.usedPorts)[0];
}

export function formatSummary(before: DemoSide, after: DemoSide): string {
  const rows = [
    ['', 'BEFORE', 'AFTER'],
    ['range', formatRange(before.range), formatRange(after.range)],
    ['ports held', heldText(before), heldText(after)],
    ['next SYN lost', lossText(before), lossText(after)],
    ['SYNs lost while watching', lostText(before), lostText(after)],
    ['connects at once', ...both(before, after, ({ atOnce, tried }) => `${atOnce} of ${tried}`)],
    ['connects late', ...both(before, after, ({ late }) => String(late))],
    ['connects lost', ...both(before, after, ({ lost }) => String(lost))],
    ['slowest connect', ...both(before, after, formatLatency)],
    ['verdict', verdictText(before), verdictText(after)],
  ];
  return `${layoutColumns(rows).join('\n')}\n`;
}

function both(before: DemoSide, after: DemoSide, text: (figures: ConnectFigures) => string): [string, string] {
  return [text(before.connects), text(after.connects)];
}

function heldText({ diagnosis }: DemoSide): string {
  const space = hottestSpace(diagnosis);
  return space === undefined ? '-' : `${formatInteger(space.usedPorts)} of ${formatInteger(space.capacityPorts)}`;
}

function lossText({ diagnosis }: DemoSide): string {
  const space = hottestSpace(diagnosis);
  return space === undefined ? '-' : oneInN(space.dropProbability);
}

function lostText({ diagnosis }: DemoSide): string {
  const losses = diagnosis.losses;
  return losses === undefined ? '-' : `${formatInteger(losses.snat)} in ${losses.seconds.toFixed(1)} s`;
}

function verdictText({ diagnosis }: DemoSide): string {
  return hottestSpace(diagnosis)?.findings[0]?.check ?? diagnosis.severity;
}
