// The keys of the live view and what each does: the reducer, the help screen and the docs read this one table.

/** A key as the view knows it; `text` is a character that was typed. */
export type TopKey = { readonly name: KeyName } | { readonly name: 'text'; readonly text: string };

export type KeyName =
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'page-up'
  | 'page-down'
  | 'home'
  | 'end'
  | 'enter'
  | 'escape'
  | 'backspace'
  | 'interrupt';

export type TopCommand =
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'first'
  | 'last'
  | 'open'
  | 'back'
  | 'filter'
  | 'sort'
  | 'pause'
  | 'help'
  | 'quit'
  | 'interrupt';

export interface KeyBinding {
  readonly command: TopCommand;
  /** As the help shows them. */
  readonly keys: string;
  readonly does: string;
  readonly names: readonly KeyName[];
  readonly letters: string;
}

export const KEY_BINDINGS: readonly KeyBinding[] = [
  { command: 'up', keys: 'Up, k', does: 'one row up', names: ['up'], letters: 'k' },
  { command: 'down', keys: 'Down, j', does: 'one row down', names: ['down'], letters: 'j' },
  { command: 'page-up', keys: 'PageUp', does: 'ten rows up', names: ['page-up'], letters: '' },
  { command: 'page-down', keys: 'PageDown', does: 'ten rows down', names: ['page-down'], letters: '' },
  { command: 'first', keys: 'Home, g', does: 'the first row', names: ['home'], letters: 'g' },
  { command: 'last', keys: 'End, G', does: 'the last row', names: ['end'], letters: 'G' },
  {
    command: 'open',
    keys: 'Enter, Right',
    does: 'open the row: node, destination, who holds its ports, the ports',
    names: ['enter', 'right'],
    letters: '',
  },
  {
    command: 'back',
    keys: 'Esc, Left',
    does: 'take the filter away, then go back one step',
    names: ['escape', 'left', 'backspace'],
    letters: '',
  },
  {
    command: 'filter',
    keys: '/',
    does: 'show only rows with the letters typed next; Enter keeps that, Esc undoes it',
    names: [],
    letters: '/',
  },
  { command: 'sort', keys: 's', does: 'the next order of the rows', names: [], letters: 's' },
  { command: 'pause', keys: 'p, Space', does: 'freeze the screen, or go on', names: [], letters: 'p ' },
  { command: 'help', keys: '?', does: 'this page', names: [], letters: '?' },
  { command: 'quit', keys: 'q', does: 'leave', names: [], letters: 'q' },
  { command: 'interrupt', keys: 'Ctrl-C', does: 'leave, with exit code 130', names: ['interrupt'], letters: '' },
];

/** What a key does when nobody is typing a filter. */
export function commandOf(key: TopKey): TopCommand | undefined {
  const binding =
    key.name === 'text'
      ? KEY_BINDINGS.find(({ letters }) => key.text.length === 1 && letters.includes(key.text))
      : KEY_BINDINGS.find(({ names }) => names.includes(key.name));
  return binding?.command;
}
