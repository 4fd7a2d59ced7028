// Whole screens of the live view, as reviewed.
import { describe, expect, it } from 'vitest';
import { ANSI_PALETTE } from '../../src/present/palette.ts';
import { DEFAULT_STYLE } from '../../src/present/style.ts';
import { ASCII_SYMBOLS } from '../../src/present/symbols.ts';
import type { TopSnapshot } from '../../src/present/top/node-look.ts';
import { reduceTop } from '../../src/present/top/reduce-top.ts';
import { type FrameSize, topFrame } from '../../src/present/top/top-frame.ts';
import type { KeyName, TopKey } from '../../src/present/top/top-key.ts';
import { type TopState, initialTop } from '../../src/present/top/top-state.ts';
import { matchGolden } from './match-golden.ts';
import { BLIND, BUSY, IDLE, agentsSnapshot, clusterSnapshot, snapshotOf } from './sample-top.ts';

const LARGE = { columns: 100, rows: 36 };
const SMALL = { columns: 80, rows: 24 };
const STYLE = DEFAULT_STYLE;
const ASCII = { ...STYLE, symbols: ASCII_SYMBOLS };

/** `text:/` and names of keys. */
function after(snapshot: TopSnapshot, ...keys: readonly (KeyName | `text:${string}`)[]): TopState {
  const first = reduceTop(initialTop(), { kind: 'snapshot', snapshot });
  return keys.reduce((state, key) => reduceTop(state, { kind: 'key', key: keyOf(key) }), first);
}

function keyOf(key: KeyName | `text:${string}`): TopKey {
  return isText(key) ? { name: 'text', text: key.slice('text:'.length) } : { name: key };
}

function isText(key: KeyName | `text:${string}`): key is `text:${string}` {
  return key.startsWith('text:');
}

const busy = snapshotOf(BUSY);
const STATES: Readonly<Record<string, TopState>> = {
  node: after(busy),
  'node-second-row': after(busy, 'down'),
  destination: after(busy, 'enter'),
  source: after(busy, 'enter', 'enter'),
  quiet: after(busy, 'text:G', 'enter'),
  filtering: after(busy, 'text:/', 'text:5', 'text:3'),
  'filtered-out': after(busy, 'text:/', 'text:z', 'enter'),
  paused: reduceTop(after(busy, 'text:p'), { kind: 'snapshot', snapshot: snapshotOf(IDLE) }),
  gone: reduceTop(after(busy, 'enter'), { kind: 'snapshot', snapshot: snapshotOf({ ...IDLE, node: BUSY.node }) }),
  idle: after(snapshotOf(IDLE)),
  blind: after(snapshotOf(BLIND)),
  cluster: after(clusterSnapshot()),
  agents: after(agentsSnapshot()),
  'agents-opening': after(agentsSnapshot(), 'enter'),
  slowed: after({ ...busy, pace: { intervalSeconds: 2, actualSeconds: 9.2, lookSeconds: 1.84 } }),
  help: after(busy, 'text:?'),
  waiting: initialTop(),
};
const NAMES = Object.keys(STATES);

function frame(name: string, size: FrameSize, style = STYLE): readonly string[] {
  return topFrame(STATES[name] ?? initialTop(), size, { style });
}

function screen(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

describe('the live view', () => {
  it.each(NAMES)('%s', (name) => {
    matchGolden(`top-${name}.txt`, screen(frame(name, LARGE)));
  });

  it.each(['node', 'destination', 'source', 'help'])('%s on the smallest usual terminal', (name) => {
    matchGolden(`top-${name}.80.txt`, screen(frame(name, SMALL)));
  });

  it('on a wide terminal', () => {
    matchGolden('top-node.160.txt', screen(frame('node', { columns: 160, rows: 50 })));
  });

  it('without Unicode', () => {
    const text = screen(frame('node', LARGE, ASCII)) + screen(frame('help', LARGE, ASCII));
    matchGolden('top-node.ascii.txt', text);
    expect(text).toMatch(/^[\n\x20-\x7e]*$/);
  });

  it('as one frame to print: no cursor, no keys, nothing empty below', () => {
    const lines = topFrame(after(busy), { columns: 100, rows: 40 }, { style: STYLE, isLive: false });
    matchGolden('top-once.txt', screen(lines));
  });

  it.each(NAMES)('%s fills the screen exactly at any size', (name) => {
    for (const columns of [60, 73, 80, 100, 137, 138, 200])
      for (const rows of [14, 20, 24, 33, 60]) {
        const lines = frame(name, { columns, rows });
        expect(lines).toHaveLength(rows);
        expect(lines.filter((line) => line.length > columns)).toEqual([]);
      }
  });

  it.each(NAMES)('%s says the same with colour and without', (name) => {
    const painted = frame(name, LARGE, { ...STYLE, palette: ANSI_PALETTE });
    expect(painted.map(stripSgr).map((line) => line.trimEnd())).toEqual(frame(name, LARGE));
    if (name !== 'waiting') expect(painted.join('')).toContain('\u001b[');
  });

  it('says how much room it wants where there is too little', () => {
    expect(frame('node', { columns: 59, rows: 24 })).toEqual(['59x24 is too small, wanted 60x14', 'q quits']);
    expect(frame('node', { columns: 80, rows: 13 })[0]).toBe('80x13 is too small, wanted 60x14');
    expect(frame('node', { columns: 8, rows: 1 })).toEqual(['8x1 is …']);
  });
});

/** Takes SGR sequences out of text. */
function stripSgr(text: string): string {
  return text
    .split('\u001b')
    .map((part, index) => (index === 0 ? part : part.slice(part.indexOf('m') + 1)))
    .join('');
}
