import { describe, expect, it } from 'vitest';
import { BUSY, CHECKOUT, IDLE, REFUNDS, clusterSnapshot, snapshotOf } from '../../../test/golden/sample-top.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import { flowTableFixture, flowsFixture } from '../../../test/analysis/node-facts-fixture.ts';
import { reduceTop } from './reduce-top.ts';
import { KEY_BINDINGS, type KeyName, commandOf } from './top-key.ts';
import { type TopState, initialTop } from './top-state.ts';
import type { TopSnapshot } from './node-look.ts';

const busy = snapshotOf(BUSY);

function look(state: TopState, snapshot: TopSnapshot): TopState {
  return reduceTop(state, { kind: 'snapshot', snapshot });
}

function press(state: TopState, ...names: readonly KeyName[]): TopState {
  return names.reduce((before, name) => reduceTop(before, { kind: 'key', key: { name } }), state);
}

function type(state: TopState, text: string): TopState {
  return text
    .split('')
    .reduce((before, letter) => reduceTop(before, { kind: 'key', key: { name: 'text', text: letter } }), state);
}

const start = look(initialTop(), busy);
const rowKeys = ({ table }: TopState): string[] => table.rows.map(({ key }) => key);
const CHURNING = 'tcp 203.0.113.9:443 via 192.0.2.10';

/** BUSY with other flows. */
function withFlows(flows: Parameters<typeof flowTableFixture>[0]): TopSnapshot {
  const facts: NodeFacts = { ...BUSY, flows: flowTableFixture(flows) };
  return snapshotOf(facts);
}

describe('a look', () => {
  it('opens the only node', () => {
    expect(start.screen.place).toEqual({ kind: 'spaces', node: 'worker-3' });
    expect(start.table.rows).toHaveLength(42);
    expect(start.screen.chosen).toBe(`0 ${CHURNING}`);
  });

  it('lists several nodes, and one that was not read', () => {
    const state = look(initialTop(), clusterSnapshot());
    expect(state.screen.place).toEqual({ kind: 'nodes' });
    expect(rowKeys(state)).toEqual(['worker-3', 'worker-7', 'worker-9', 'worker-1']);
    const unread = look(initialTop(), { ...busy, nodes: [{ node: 'worker-9', why: 'exec forbidden' }] });
    expect(unread.screen.place).toEqual({ kind: 'nodes' });
    expect(press(unread, 'enter')).toEqual(unread);
  });

  it('keeps the chosen destination wherever its row goes, and its place when it is gone', () => {
    const second = press(start, 'down');
    const key = second.screen.chosen;
    expect(key).toContain('udp 198.51.100.53:53');
    const grown = look(second, withFlows(flowsFixture(9, { remote: '198.51.100.9' })));
    expect(grown.screen).toMatchObject({ index: 0 });
    expect(grown.screen.chosen).toContain('198.51.100.9');
    expect(look(second, busy).screen.chosen).toBe(key);
    const resorted = type(second, 'ssss');
    expect(resorted.table.sort).toBe('by name');
    expect(resorted.screen).toMatchObject({ chosen: key, index: 41 });
  });

  it('without rows chooses none, and takes up again where there are some', () => {
    const idle = look(start, snapshotOf({ ...IDLE, node: 'worker-3' }));
    expect(idle.screen).toMatchObject({ chosen: undefined, index: 0 });
    expect(press(idle, 'down', 'up', 'end', 'enter').screen).toMatchObject({ chosen: undefined, index: 0 });
    expect(look(idle, busy).screen.chosen).toBe(`0 ${CHURNING}`);
  });

  it('keeps an opened destination open when nobody holds a port of it any more', () => {
    const gone = look(press(start, 'enter', 'enter'), snapshotOf({ ...IDLE, node: 'worker-3' }));
    expect(gone.screen.place.kind).toBe('ports');
    expect(gone.table.rows).toEqual([]);
    expect(press(gone, 'escape', 'escape').screen.place.kind).toBe('spaces');
  });
});

describe('moving', () => {
  it('stays within the rows', () => {
    expect(press(start, 'up').screen.index).toBe(0);
    expect(press(start, 'end', 'down').screen.index).toBe(41);
    expect(press(start, 'end', 'home').screen.index).toBe(0);
    expect(press(start, 'page-down', 'down', 'page-up').screen.index).toBe(1);
    expect(press(start, 'page-down', 'page-down', 'page-down', 'page-down', 'page-down').screen.index).toBe(41);
    expect(type(start, 'jjjk').screen.index).toBe(2);
    expect(type(start, 'Gg').screen.index).toBe(0);
  });

  it('goes node, destination, holder, ports and back, each as it was left', () => {
    const cluster = look(initialTop(), clusterSnapshot());
    const spaces = press(cluster, 'enter');
    expect(spaces.screen.place).toEqual({ kind: 'spaces', node: 'worker-3' });
    const sources = press(spaces, 'enter');
    expect(rowKeys(sources)).toEqual([CHECKOUT, REFUNDS]);
    const ports = press(sources, 'down', 'right');
    expect(ports.screen.place).toEqual({ kind: 'ports', node: 'worker-3', space: `0 ${CHURNING}`, source: REFUNDS });
    expect(ports.table.rows).toHaveLength(510);
    expect(press(ports, 'enter')).toEqual(ports);
    const back = press(ports, 'left');
    expect(back.screen).toMatchObject({ chosen: REFUNDS, index: 1 });
    expect(press(back, 'escape', 'backspace').screen).toMatchObject({ place: { kind: 'nodes' }, chosen: 'worker-3' });
    expect(press(back, 'escape', 'escape', 'escape', 'escape').screen.place).toEqual({ kind: 'nodes' });
  });

  it('ends at the node when there is only one', () => {
    expect(press(start, 'escape')).toEqual(start);
  });
});

describe('sorting', () => {
  it('cycles through the orders of each kind of place, and remembers them', () => {
    const names = [0, 1, 2, 3, 4, 5].map((times) => type(start, 's'.repeat(times)).table.sort);
    expect(names).toEqual([
      'worst first',
      'most ports used',
      'most new flows',
      'most likely to lose',
      'by name',
      'worst first',
    ]);
    const sources = type(press(type(start, 's'), 'enter'), 'ss');
    expect(sources.table.sort).toBe('by address');
    expect(press(sources, 'escape').table.sort).toBe('most ports used');
  });

  it('orders by what it says', () => {
    expect(rowKeys(type(start, 's')).slice(0, 2)).toEqual([`0 ${CHURNING}`, '0 udp 198.51.100.53:53 via 192.0.2.10']);
    expect(rowKeys(type(start, 'ssss'))[0]).toBe('0 tcp 198.51.100.100:443 via 192.0.2.10');
    const ports = press(start, 'enter', 'enter');
    const soonest = type(ports, 's').table.rows.map(({ cells }) => cells()[2]);
    expect(soonest.slice(0, 2)).toEqual(['1 s', '1 s']);
    expect(soonest.at(-1)).toBe('5 d');
    expect(type(ports, 'ss').table.rows[0]?.cells()[1]).toBe('ESTABLISHED');
  });
});

describe('the filter', () => {
  it('takes letters, also those that are commands, until Enter', () => {
    const typing = type(start, '/quiz');
    expect(typing).toMatchObject({ filterBefore: '', screen: { filter: 'quiz' }, ending: undefined, isPaused: false });
    expect(typing.table).toMatchObject({ rows: [], total: 42 });
    const kept = press(type(start, '/:53'), 'enter');
    expect(kept).toMatchObject({ filterBefore: undefined, screen: { filter: ':53', index: 0 } });
    expect(rowKeys(kept)).toEqual(['0 udp 198.51.100.53:53 via 192.0.2.10']);
  });

  it('looks at names, verdicts and holders, whatever their case', () => {
    expect(type(start, '/CHURN').table.rows).toHaveLength(1);
    expect(type(start, '/Checkout').table.rows).toHaveLength(1);
    // Of the 40 thin destinations 32 are looked at closely enough to know who holds most.
    expect(type(start, `/${REFUNDS}`).table.rows).toHaveLength(32);
    expect(type(press(start, 'enter'), '/refunds').table.rows).toHaveLength(0);
    expect(type(press(start, 'enter', 'enter'), '/time_wait').table.rows).toHaveLength(3400);
  });

  it('goes a letter back with Backspace, and to what it was with Esc', () => {
    const kept = press(type(start, '/:53'), 'enter');
    expect(press(type(kept, '/x'), 'backspace').screen.filter).toBe('');
    expect(press(type(kept, '/x'), 'escape')).toMatchObject({ filterBefore: undefined, screen: { filter: ':53' } });
    expect(press(kept, 'escape').screen.filter).toBe('');
    expect(press(kept, 'escape').screen.place).toEqual(start.screen.place);
  });

  it('moves the cursor while it is typed, and takes no other key', () => {
    const typing = type(start, '/198.51');
    expect(press(typing, 'down', 'down', 'up').screen.index).toBe(1);
    expect(press(typing, 'page-down', 'left', 'right', 'home', 'end', 'page-up')).toEqual(typing);
  });

  it('is no longer than a name', () => {
    expect(type(start, `/${'x'.repeat(200)}`).screen.filter).toHaveLength(60);
  });

  it('belongs to its place and goes on in the next look', () => {
    const opened = press(type(start, '/:53'), 'enter', 'enter');
    expect(opened.screen).toMatchObject({ filter: '', place: { kind: 'sources' } });
    const back = press(opened, 'escape');
    expect(back.screen.filter).toBe(':53');
    expect(look(back, busy).table.rows).toHaveLength(1);
  });
});

describe('pausing', () => {
  it('keeps the screen, and shows the newest look when going on', () => {
    const paused = type(start, 'p');
    const idle = snapshotOf({ ...IDLE, node: 'worker-3' });
    const waiting = look(look(paused, busy), idle);
    expect(waiting).toMatchObject({ isPaused: true, snapshot: busy, held: idle, table: start.table });
    expect(type(waiting, ' ')).toMatchObject({ isPaused: false, snapshot: idle, held: undefined, table: { rows: [] } });
    expect(type(paused, 'p')).toEqual({ ...start, isPaused: false, held: undefined });
  });

  it('shows the first look even so, and lets one move and open', () => {
    const early = look(type(initialTop(), 'p'), busy);
    expect(early.snapshot).toBe(busy);
    expect(press(early, 'down').screen.index).toBe(1);
    expect(press(early, 'enter').screen.place.kind).toBe('sources');
  });
});

describe('help and leaving', () => {
  it('shows the keys until any key', () => {
    const help = type(start, '?');
    expect(help.isHelpShown).toBe(true);
    for (const key of ['enter', 'escape', 'down'] as const) expect(press(help, key)).toEqual(start);
    expect(type(help, 'z')).toEqual(start);
    expect(type(help, 'q').ending).toBe('quit');
  });

  it('leaves with q anywhere but in the filter, with Ctrl-C everywhere', () => {
    expect(type(start, 'q').ending).toBe('quit');
    for (const state of [initialTop(), start, type(start, '/'), type(start, '?'), type(start, 'p')])
      expect(press(state, 'interrupt').ending).toBe('interrupt');
  });

  it('does nothing for a key without a meaning', () => {
    expect(type(start, 'xyzäß')).toEqual(start);
    expect(press(start, 'backspace')).toEqual(start);
  });

  it('does nothing before the first look but help, pause and leaving', () => {
    const state = press(initialTop(), 'enter', 'escape', 'up', 'down', 'page-up', 'page-down', 'home', 'end');
    expect(state.screen).toEqual(initialTop().screen);
  });
});

describe('the keys', () => {
  it('are bound once each, and every binding can be pressed', () => {
    const letters = KEY_BINDINGS.flatMap(({ letters }) => letters.split(''));
    const names = KEY_BINDINGS.flatMap(({ names }) => names);
    expect(new Set(letters).size).toBe(letters.length);
    expect(new Set(names).size).toBe(names.length);
    for (const { command, letters, names } of KEY_BINDINGS) {
      for (const text of letters) expect(commandOf({ name: 'text', text })).toBe(command);
      for (const name of names) expect(commandOf({ name })).toBe(command);
      expect(letters.length + names.length).toBeGreaterThan(0);
    }
  });
});
