import { describe, expect, it } from 'vitest';
import { countersFixture } from '../../test/analysis/node-facts-fixture.ts';
import { addLosses } from './lost-packets.ts';

const NONE = { exhaustion: 0, race: 0, table: 0 };

describe('addLosses', () => {
  it.each([
    ['whole searches', { insertFailed: 10, drop: 10, found: 1280 }, { exhaustion: 10, race: 0, table: 0 }],
    ['few candidates each', { insertFailed: 10, drop: 10, found: 120 }, { exhaustion: 0, race: 10, table: 0 }],
    ['a full table', { drop: 7 }, { exhaustion: 0, race: 0, table: 7 }],
  ])('tells by the counters of a window that nobody diagnosed: %s', (_, counters, lost) => {
    expect(addLosses(NONE, countersFixture(counters))).toEqual(lost);
  });

  it('takes the word of a diagnosis, and adds up', () => {
    const races = addLosses(NONE, { seconds: 1, snat: 3, areRaces: true, tableFull: 1 });
    expect(addLosses(races, { seconds: 1, snat: 4, tableFull: 0 })).toEqual({ exhaustion: 4, race: 3, table: 1 });
    expect(addLosses(races, undefined)).toEqual(races);
  });
});
