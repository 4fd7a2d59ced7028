// The ports that one source holds towards one destination.
import type { HeldPort, SpaceHolding } from '../../core/analysis/space-holding.ts';
import { formatSeconds } from '../duration-text.ts';
import type { TableChoice } from './spaces-table.ts';
import { type TopColumn, type TopSort, type TopTable, arrange, byText } from './top-table.ts';

const COLUMNS: readonly TopColumn[] = [
  { title: 'PORT', width: 8 },
  { title: 'STATE', width: 12 },
  { title: 'FREE IN', width: 8, isRight: true },
  { title: "SOURCE'S OWN PORT", width: 17, isRight: true },
];

const SORTS: readonly TopSort<HeldPort>[] = [
  { name: 'by port', compare: () => 0 },
  { name: 'free soonest', compare: (left, right) => left.timeoutSeconds - right.timeoutSeconds },
  { name: 'by state', compare: (left, right) => byText(left.state, right.state) },
];

export interface PortsTableInput extends TableChoice {
  readonly source: string;
  readonly holding: SpaceHolding | undefined;
}

export function portsTable({ source, holding, sort, filter }: PortsTableInput): TopTable {
  const arranged = arrange(holding?.portsOf(source) ?? [], {
    sorts: SORTS,
    sort,
    filter,
    row: (held) => ({
      key: String(held.port),
      text: `${held.port} ${held.state}`.toLowerCase(),
      cells: () => [String(held.port), held.state, formatSeconds(held.timeoutSeconds), String(held.sourcePort)],
    }),
  });
  return { noun: 'port', columns: COLUMNS, unlisted: 0, ...arranged };
}
