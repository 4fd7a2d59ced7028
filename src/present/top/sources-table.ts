// Who holds the ports of one destination: pods where they are known, else their addresses.
import type { SourceHolding, SpaceHolding } from '../../core/analysis/space-holding.ts';
import { formatInteger } from '../number-text.ts';
import { formatShare } from '../share-text.ts';
import type { NodeLook } from './node-look.ts';
import type { TableChoice } from './spaces-table.ts';
import { type TopColumn, type TopRow, type TopSort, type TopTable, arrange, byText, descending } from './top-table.ts';

const COLUMNS: readonly TopColumn[] = [
  { title: 'HELD BY', width: 30 },
  { title: 'PORTS', width: 9, isRight: true },
  { title: 'SHARE', width: 6, isRight: true },
  { title: 'CLOSING', width: 9, isRight: true },
  { title: 'ADDRESS', width: 24 },
];

const SORTS: readonly TopSort<SourceHolding>[] = [
  { name: 'most ports', compare: (left, right) => descending(left.ports, right.ports) },
  { name: 'most closing', compare: (left, right) => descending(left.closing, right.closing) },
  { name: 'by address', compare: (left, right) => byText(left.address, right.address) },
];

export interface SourcesTableInput extends TableChoice {
  readonly look: NodeLook | undefined;
  /** Key of the port space. */
  readonly space: string;
  readonly holding: SpaceHolding | undefined;
}

export function sourcesTable({ look, space, holding, sort, filter }: SourcesTableInput): TopTable {
  const all = holding?.ports ?? 0;
  const row = (source: SourceHolding): TopRow => {
    const name = sourceName(source, look);
    return {
      key: source.address,
      text: `${name} ${source.address}`.toLowerCase(),
      ...(look === undefined ? {} : { opens: { kind: 'ports', node: look.node, space, source: source.address } }),
      cells: () => [
        name,
        formatInteger(source.ports),
        formatShare(source.ports / all),
        formatInteger(source.closing),
        source.address,
      ],
    };
  };
  const arranged = arrange(holding?.sources ?? [], { sorts: SORTS, sort, filter, row });
  return { noun: 'holder', columns: COLUMNS, unlisted: 0, ...arranged };
}

function sourceName({ address, isInbound }: SourceHolding, look: NodeLook | undefined): string {
  const name = look?.nameOf(address) ?? address;
  return isInbound ? `${name} (connected to this node)` : name;
}
