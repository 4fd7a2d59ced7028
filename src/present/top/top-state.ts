// What the live view remembers between keys and looks.
import type { SpaceHolding } from '../../core/analysis/space-holding.ts';
import type { NodeLook, SpaceLine, TopSnapshot } from './node-look.ts';
import { nodesTable } from './nodes-table.ts';
import { portsTable } from './ports-table.ts';
import { sourcesTable } from './sources-table.ts';
import { spacesTable } from './spaces-table.ts';
import type { PlaceKind, TopPlace } from './top-place.ts';
import type { TopTable } from './top-table.ts';

/** One place that was opened, with what was done there: going back finds it as it was. */
export interface TopScreen {
  readonly place: TopPlace;
  /** Key of the chosen row: it stays chosen when the rows move. */
  readonly chosen: string | undefined;
  /** Where that row was, for when it is gone. */
  readonly index: number;
  readonly filter: string;
}

export interface TopState {
  /** Undefined until the first look ends. */
  readonly snapshot: TopSnapshot | undefined;
  /** The newest look that came while paused. */
  readonly held: TopSnapshot | undefined;
  readonly isPaused: boolean;
  /** Screens gone through to reach this one, the first the outermost. */
  readonly behind: readonly TopScreen[];
  readonly screen: TopScreen;
  /** Position in the orders of each kind of place. */
  readonly sorts: Readonly<Record<PlaceKind, number>>;
  /** The filter as it was before typing began; undefined when nobody types. */
  readonly filterBefore: string | undefined;
  readonly isHelpShown: boolean;
  /** How the view is left. */
  readonly ending: 'quit' | 'interrupt' | undefined;
  /** Made from the above when it changes, not for each frame. */
  readonly table: TopTable;
}

/** A view before its first look. */
export function initialTop(): TopState {
  return {
    snapshot: undefined,
    held: undefined,
    isPaused: false,
    behind: [],
    screen: screenAt({ kind: 'nodes' }),
    sorts: { nodes: 0, spaces: 0, sources: 0, ports: 0 },
    filterBefore: undefined,
    isHelpShown: false,
    ending: undefined,
    table: nodesTable([], { sort: 0, filter: '' }),
  };
}

export function screenAt(place: TopPlace): TopScreen {
  return { place, chosen: undefined, index: 0, filter: '' };
}

/** What a place is about, as far as the newest look has it. */
export interface TopSubject {
  readonly look: NodeLook | undefined;
  readonly line: SpaceLine | undefined;
  readonly holding: SpaceHolding | undefined;
}

export function subjectOf(snapshot: TopSnapshot | undefined, place: TopPlace): TopSubject {
  if (place.kind === 'nodes') return { look: undefined, line: undefined, holding: undefined };
  const look = snapshot?.nodes.find(({ node }) => node === place.node)?.look;
  if (place.kind === 'spaces') return { look, line: undefined, holding: undefined };
  const line = look?.spaces.find(({ key }) => key === place.space);
  return { look, line, holding: line === undefined ? undefined : look?.holdingOf(line) };
}

/** The table of the current screen; the chosen row stays, or the one in its place. */
export function withTable(state: TopState): TopState {
  const table = tableOf(state);
  const { chosen, index } = state.screen;
  const found = chosen === undefined ? -1 : table.rows.findIndex(({ key }) => key === chosen);
  return chooseRow({ ...state, table }, found >= 0 ? found : index);
}

/** Moves to a row, as near as there is one. */
export function chooseRow(state: TopState, wanted: number): TopState {
  const { rows } = state.table;
  const index = Math.max(0, Math.min(rows.length - 1, wanted));
  return { ...state, screen: { ...state.screen, index, chosen: rows[index]?.key } };
}

function tableOf({ snapshot, screen: { place, filter }, sorts }: TopState): TopTable {
  const choice = { filter, sort: sorts[place.kind] };
  const { look, holding } = subjectOf(snapshot, place);
  switch (place.kind) {
    case 'nodes':
      return nodesTable(snapshot?.nodes ?? [], choice);
    case 'spaces':
      return spacesTable(look, choice);
    case 'sources':
      return sourcesTable({ ...choice, look, space: place.space, holding });
    case 'ports':
      return portsTable({ ...choice, source: place.source, holding });
  }
}
