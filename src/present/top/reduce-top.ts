// What a key or a new look makes of the live view. Pure: the same state and event always give the same state.
import type { TopSnapshot } from './node-look.ts';
import { type TopCommand, type TopKey, commandOf } from './top-key.ts';
import { type TopState, chooseRow, screenAt, withTable } from './top-state.ts';

export type TopEvent =
  | { readonly kind: 'key'; readonly key: TopKey }
  | { readonly kind: 'snapshot'; readonly snapshot: TopSnapshot };

const PAGE_ROWS = 10;

/** Longer filters match nothing that has a name. */
const LONGEST_FILTER = 60;

export function reduceTop(state: TopState, event: TopEvent): TopState {
  if (event.kind === 'snapshot') return takeSnapshot(state, event.snapshot);
  if (event.key.name === 'interrupt') return { ...state, ending: 'interrupt' };
  if (state.filterBefore !== undefined) return typeFilter(state, event.key, state.filterBefore);
  const command = commandOf(event.key);
  if (state.isHelpShown) return leaveHelp(state, command);
  return command === undefined ? state : run(state, command);
}

function takeSnapshot(state: TopState, snapshot: TopSnapshot): TopState {
  if (state.snapshot === undefined) return withTable({ ...openOnlyNode(state, snapshot), snapshot });
  return state.isPaused ? { ...state, held: snapshot } : withTable({ ...state, snapshot });
}

/** A view of one node begins inside it. */
function openOnlyNode(state: TopState, { nodes }: TopSnapshot): TopState {
  const [only] = nodes;
  if (nodes.length !== 1 || only?.look === undefined) return state;
  return { ...state, screen: screenAt({ kind: 'spaces', node: only.node }) };
}

/** Any key but q takes the help away. */
function leaveHelp(state: TopState, command: TopCommand | undefined): TopState {
  return command === 'quit' ? { ...state, ending: 'quit' } : { ...state, isHelpShown: false };
}

function run(state: TopState, command: TopCommand): TopState {
  const { index, filter, place } = state.screen;
  switch (command) {
    case 'up':
      return chooseRow(state, index - 1);
    case 'down':
      return chooseRow(state, index + 1);
    case 'page-up':
      return chooseRow(state, index - PAGE_ROWS);
    case 'page-down':
      return chooseRow(state, index + PAGE_ROWS);
    case 'first':
      return chooseRow(state, 0);
    case 'last':
      return chooseRow(state, state.table.rows.length - 1);
    case 'open':
      return open(state);
    case 'back':
      return filter === '' ? goBack(state) : withFilter(state, '');
    case 'filter':
      return { ...withFilter(state, ''), filterBefore: filter };
    case 'sort':
      return withTable({ ...state, sorts: { ...state.sorts, [place.kind]: state.sorts[place.kind] + 1 } });
    case 'pause':
      return pause(state);
    case 'help':
      return { ...state, isHelpShown: true };
    case 'quit':
    case 'interrupt':
      return { ...state, ending: command };
  }
}

function open(state: TopState): TopState {
  const place = state.table.rows[state.screen.index]?.opens;
  if (place === undefined) return state;
  return withTable({ ...state, behind: [...state.behind, state.screen], screen: screenAt(place) });
}

function goBack(state: TopState): TopState {
  const screen = state.behind.at(-1);
  return screen === undefined ? state : withTable({ ...state, behind: state.behind.slice(0, -1), screen });
}

function withFilter(state: TopState, filter: string): TopState {
  return withTable({ ...state, screen: { ...state.screen, filter } });
}

/** Going on shows the newest look at once. */
function pause(state: TopState): TopState {
  if (!state.isPaused) return { ...state, isPaused: true };
  const going = { ...state, isPaused: false, held: undefined };
  return state.held === undefined ? going : takeSnapshot(going, state.held);
}

function typeFilter(state: TopState, key: TopKey, before: string): TopState {
  const { filter } = state.screen;
  switch (key.name) {
    case 'text':
      return withFilter(state, `${filter}${key.text}`.slice(0, LONGEST_FILTER));
    case 'backspace':
      return withFilter(state, filter.slice(0, -1));
    case 'enter':
      return { ...state, filterBefore: undefined };
    case 'escape':
      return { ...withFilter(state, before), filterBefore: undefined };
    case 'up':
      return chooseRow(state, state.screen.index - 1);
    case 'down':
      return chooseRow(state, state.screen.index + 1);
    default:
      return state;
  }
}
