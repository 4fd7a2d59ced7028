// The destinations of a node: one row per port space, worst first.
import { rangeSize } from '../../core/model/port-range.ts';
import { formatInteger, formatRate } from '../number-text.ts';
import { oneInN } from '../one-in-n.ts';
import { formatShare } from '../share-text.ts';
import { verdictLabel } from '../words.ts';
import type { NodeLook, SpaceLine } from './node-look.ts';
import { type TopColumn, type TopRow, type TopSort, type TopTable, arrange, byText, descending } from './top-table.ts';

/** A figure that was not measured, which is not zero. */
const UNKNOWN = '-';

const COLUMNS: readonly TopColumn[] = [
  { title: 'DESTINATION', width: 30 },
  { title: 'VERDICT', width: 12 },
  { title: 'PORTS USED', width: 13, isRight: true },
  { title: 'NEXT LOST', width: 12, isRight: true },
  { title: 'NEW', width: 7, isRight: true },
  { title: 'CLOSING', width: 7, isRight: true },
  { title: 'MOST HELD BY', width: 32 },
];

const SORTS: readonly TopSort<SpaceLine>[] = [
  { name: 'worst first', compare: () => 0 },
  { name: 'most ports used', compare: (left, right) => descending(left.usedPorts, right.usedPorts) },
  {
    name: 'most new flows',
    compare: (left, right) => descending(left.verdict?.newPerSecond, right.verdict?.newPerSecond),
  },
  {
    name: 'most likely to lose',
    compare: (left, right) => descending(left.verdict?.dropProbability, right.verdict?.dropProbability),
  },
  { name: 'by name', compare: (left, right) => byText(left.name, right.name) },
];

export interface TableChoice {
  readonly sort: number;
  readonly filter: string;
}

/** The table of a node; that of nobody when there is no look at it. */
export function spacesTable(look: NodeLook | undefined, { sort, filter }: TableChoice): TopTable {
  const row = (line: SpaceLine): TopRow => ({
    key: line.key,
    text: `${line.name} ${labelOf(line)} ${holderOf(line, look) ?? ''}`.toLowerCase(),
    severity: line.verdict?.severity,
    ...(look === undefined ? {} : { opens: { kind: 'sources', node: look.node, space: line.key } }),
    cells: () => cellsOf(line, look),
  });
  return {
    noun: 'port space',
    columns: COLUMNS,
    unlisted: look?.unlisted ?? 0,
    ...arrange(look?.spaces ?? [], { sorts: SORTS, sort, filter, row }),
  };
}

function cellsOf(line: SpaceLine, look: NodeLook | undefined): readonly string[] {
  const { verdict } = line;
  return [
    line.name,
    labelOf(line),
    usedText(line),
    verdict === undefined ? UNKNOWN : lossText(verdict.dropProbability),
    verdict?.newPerSecond === undefined ? UNKNOWN : formatRate(verdict.newPerSecond),
    verdict === undefined ? UNKNOWN : formatInteger(verdict.closingPorts),
    holderText(line, look),
  ];
}

function labelOf({ verdict }: SpaceLine): string {
  return verdict === undefined ? 'quiet' : verdictLabel(verdict.findings[0]?.check ?? 'fine');
}

/** `32,101/32,768`. */
export function usedText({ usedPorts, verdict, effective }: SpaceLine): string {
  const capacity = verdict?.capacityPorts ?? (effective === undefined ? undefined : rangeSize(effective.range));
  return `${formatInteger(usedPorts)}/${capacity === undefined ? UNKNOWN : formatInteger(capacity)}`;
}

function lossText(probability: number): string {
  return probability === 0 ? '0' : oneInN(probability);
}

function holderText(line: SpaceLine, look: NodeLook | undefined): string {
  const share = line.verdict?.sources[0]?.share;
  return share === undefined ? UNKNOWN : `${formatShare(share)} ${holderOf(line, look) ?? UNKNOWN}`;
}

function holderOf({ verdict }: SpaceLine, look: NodeLook | undefined): string | undefined {
  const address = verdict?.sources[0]?.address;
  return address === undefined ? undefined : (look?.nameOf(address) ?? address);
}
