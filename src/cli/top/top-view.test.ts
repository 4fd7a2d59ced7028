import { describe, expect, it } from 'vitest';
import { BUSY, IDLE, snapshotOf } from '../../../test/golden/sample-top.ts';
import { DEFAULT_STYLE } from '../../present/style.ts';
import type { TopSnapshot } from '../../present/top/node-look.ts';
import type { TopState } from '../../present/top/top-state.ts';
import type { TerminalEvents } from './terminal.ts';
import { showTop } from './top-view.ts';

const busy = snapshotOf(BUSY);

/** A view on a terminal that keeps what is written, with a source that gives what it is told. */
function open({ signal = new AbortController().signal } = {}) {
  const written: string[] = [];
  const calls: string[] = [];
  let events: TerminalEvents | undefined;
  let answer: { resolve: (snapshot: TopSnapshot) => void; reject: (error: Error) => void } | undefined;
  const ended: Promise<TopState> = showTop({
    source: {
      name: 'fake',
      next: (stop) =>
        new Promise((resolve, reject) => {
          answer = { resolve, reject };
          stop.addEventListener('abort', () => reject(new Error('stopped')));
        }),
    },
    first: busy,
    style: DEFAULT_STYLE,
    signal,
    takeTerminal: (given) => {
      events = given;
      calls.push('take');
      return Promise.resolve({
        size: () => ({ columns: 100, rows: 30 }),
        write: (text) => void written.push(text),
        restore: () => void calls.push('restore'),
      });
    },
  });
  return {
    written,
    calls,
    ended,
    events: () => {
      if (events === undefined) throw new TypeError('the terminal was not taken');
      return events;
    },
    type: (text: string) => {
      for (const letter of text) events?.onKey({ name: 'text', text: letter });
    },
    send: (snapshot: TopSnapshot) => answer?.resolve(snapshot),
    fail: (error: Error) => answer?.reject(error),
  };
}

/** Lets everything that is due happen. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the live view on a terminal', () => {
  it('draws the first look at once, and gives the terminal back on q', async () => {
    const view = open();
    await settle();
    expect(view.written.join('')).toContain('203.0.113.9:443');
    view.type('q');
    expect((await view.ended).ending).toBe('quit');
    expect(view.calls).toEqual(['take', 'restore']);
  });

  it('draws once for keys that come together, and only the lines that changed', async () => {
    const view = open();
    await settle();
    const before = view.written.length;
    view.type('jjj');
    await settle();
    expect(view.written).toHaveLength(before + 1);
    expect(view.written.at(-1)).not.toContain('DESTINATION');
    expect(view.written.at(-1)).toContain('> ');
    view.type('z');
    await settle();
    expect(view.written).toHaveLength(before + 1);
    view.type('q');
    await view.ended;
  });

  it('shows the next look when it comes', async () => {
    const view = open();
    await settle();
    view.send(snapshotOf({ ...IDLE, node: 'worker-3' }));
    await settle();
    expect(view.written.at(-1)).toContain('no port used');
    view.type('q');
    expect((await view.ended).snapshot?.nodes[0]?.look?.spaces).toEqual([]);
  });

  it('draws all again after a resize', async () => {
    const view = open();
    await settle();
    view.events().onRedraw();
    await settle();
    expect(view.written.at(-1)).toContain('\u001b[2J');
    expect(view.written.at(-1)).toContain('DESTINATION');
    view.type('q');
    await view.ended;
  });

  it('ends with Ctrl-C, with the signal, and when nobody can type any more', async () => {
    const interrupted = open();
    await settle();
    interrupted.events().onKey({ name: 'interrupt' });
    expect((await interrupted.ended).ending).toBe('interrupt');
    const closed = open();
    await settle();
    closed.events().onEnd();
    expect((await closed.ended).ending).toBeUndefined();
    const stop = new AbortController();
    const stopped = open(stop);
    await settle();
    stop.abort('SIGTERM');
    await stopped.ended;
    for (const { calls } of [interrupted, closed, stopped]) expect(calls).toEqual(['take', 'restore']);
    const early = open({ signal: AbortSignal.abort() });
    await early.ended;
    expect(early.calls).toEqual(['take', 'restore']);
    expect(early.written).toEqual([]);
  });

  it('gives the terminal back before it reports what went wrong', async () => {
    const view = open();
    await settle();
    view.fail(new Error('the namespace is gone'));
    await expect(view.ended).rejects.toThrow('the namespace is gone');
    expect(view.calls).toEqual(['take', 'restore']);
  });
});
