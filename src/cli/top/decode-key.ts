// A keypress as Node's readline reports it, as the key that the view knows.
import type { Key } from 'node:readline';
import type { KeyName, TopKey } from '../../present/top/top-key.ts';

const NAMES: Readonly<Record<string, KeyName>> = {
  up: 'up',
  down: 'down',
  left: 'left',
  right: 'right',
  pageup: 'page-up',
  pagedown: 'page-down',
  home: 'home',
  end: 'end',
  return: 'enter',
  enter: 'enter',
  escape: 'escape',
  backspace: 'backspace',
};

/** Undefined for a key without a meaning here. */
export function decodeKey(text: string | undefined, key: Key): TopKey | undefined {
  if (key.ctrl === true) return key.name === 'c' ? { name: 'interrupt' } : undefined;
  const name = key.name === undefined ? undefined : NAMES[key.name];
  if (name !== undefined) return { name };
  return text !== undefined && key.meta !== true && /^\P{Cc}$/u.test(text) ? { name: 'text', text } : undefined;
}
