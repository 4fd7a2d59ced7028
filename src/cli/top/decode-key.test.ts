// What terminals send, through Node's own decoder, as the keys of the view.
import { type Key, createInterface, emitKeypressEvents } from 'node:readline';
import { PassThrough } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { TopKey } from '../../present/top/top-key.ts';
import { decodeKey } from './decode-key.ts';

async function keysOf(bytes: string): Promise<readonly TopKey[]> {
  const input = new PassThrough();
  const settings = createInterface({ input: new PassThrough(), escapeCodeTimeout: 1 });
  const keys: TopKey[] = [];
  emitKeypressEvents(input, settings);
  input.on('keypress', (text: string | undefined, key: Key) => {
    const decoded = decodeKey(text, key);
    if (decoded !== undefined) keys.push(decoded);
  });
  input.write(bytes);
  const isDone = (): boolean => !bytes.endsWith('\u001b') || keys.length > 0;
  do await setImmediate();
  while (!isDone());
  settings.close();
  return keys;
}

describe('keys as terminals send them', () => {
  it.each([
    ['\u001b[A', 'up'],
    ['\u001bOB', 'down'],
    ['\u001b[C', 'right'],
    ['\u001b[D', 'left'],
    ['\u001b[5~', 'page-up'],
    ['\u001b[6~', 'page-down'],
    ['\u001b[H', 'home'],
    ['\u001bOF', 'end'],
    ['\u001b[1~', 'home'],
    ['\r', 'enter'],
    ['\n', 'enter'],
    ['\u001b', 'escape'],
    ['\u007f', 'backspace'],
    ['\b', 'backspace'],
    ['\u0003', 'interrupt'],
  ] as const)('%j is %s', async (bytes, name) => {
    expect(await keysOf(bytes)).toEqual([{ name }]);
  });

  it.each(['q', 'G', '/', '?', ' ', 'ä', '5', ':'])('%j is a letter', async (text) => {
    expect(await keysOf(text)).toEqual([{ name: 'text', text }]);
  });

  it('come one by one when they are pasted or arrive together', async () => {
    expect(await keysOf('jG\u001b[A/')).toEqual([
      { name: 'text', text: 'j' },
      { name: 'text', text: 'G' },
      { name: 'up' },
      { name: 'text', text: '/' },
    ]);
  });

  it.each(['\u0001', '\u001bq', '\u001b[15~', '\t', '\u001b[1;5A', '\u0000'])('%j means nothing', async (bytes) => {
    expect(await keysOf(bytes)).toEqual([]);
  });
});
