// Counters of several moments in one text.
import { describe, expect, it } from 'vitest';
import { counterSnapshots } from './counter-snapshots.ts';
import { counterWindow } from './counter-window.ts';

const cpu = (cpu: number, lost: number): string =>
  `cpu=${cpu}   \tfound=${lost * 12} invalid=0 insert=7 insert_failed=${lost} drop=${lost} early_drop=0 error=0 search_restart=0 clash_resolve=0 chaintoolong=0 \n`;
const OLD = (lost: number): string =>
  `cpu=0   \tsearched=27482 found=${lost} new=12 invalid=3 ignore=44 delete=9 delete_list=8 insert=7 insert_failed=${lost} drop=0 early_drop=1 error=0 search_restart=0 \n`;
const LISTED = (lost: number): string =>
  `entries   \t12\nsearched  \t27482\nfound     \t66\nnew       \t12\ninvalid   \t3\nignore    \t44\ndelete    \t9\ndelete_list\t8\ninsert    \t7\ninsert_failed\t${lost}\ndrop      \t2\nearly_drop\t1\nicmp_error\t0\n`;
const HEADER =
  'entries  clashres found new invalid ignore delete chainlength insert insert_failed drop early_drop icmp_error  expect_new expect_create expect_delete search_restart\n';
const row = (lost: number): string =>
  `${['34', '0', '0', '0', '0', '0', '0', '0', '0', lost.toString(16), '0', '0', '0', '0', '0', '0', '0'].map((text) => text.padStart(8, '0')).join(' ')}\n`;

const NOON = 'Sun Nov 22 12:00:00 UTC 2026\n';
const LATER = 'Sun Nov 22 12:00:20 UTC 2026\n';

function windowOf(text: string) {
  return counterWindow(counterSnapshots(text));
}

describe('two moments in one text', () => {
  it.each([
    ['conntrack -S', cpu(0, 1) + cpu(1, 2), cpu(0, 11) + cpu(1, 4)],
    ['before 5.9', OLD(1), OLD(13)],
    ['one counter a line', LISTED(1), LISTED(13)],
    ['/proc/net/stat/nf_conntrack', HEADER + row(1) + row(2), HEADER + row(10) + row(5)],
  ])('are a window: %s', (_, before, after) => {
    for (const text of [
      NOON + before + LATER + after,
      (NOON + before + LATER + after).replaceAll('\n', '\r\n'),
      `# date\n${NOON}# conntrack -S\n${before}# date\n${LATER}# conntrack -S\n${after}# \n`,
      `2026-11-22T12:00:00+01:00\n${before}2026-11-22T12:00:20+01:00\n${after}`,
      `1795348800\n${before}1795348820\n${after}`,
      `dim. Nov 22\nSun 22 Nov 2026\n${NOON}${before}\n\n${LATER}${after}`,
    ]) {
      const { delta, gaps } = windowOf(text);
      expect(delta, text).toMatchObject({ seconds: 20, insertFailed: 12 });
      expect(gaps).toEqual([]);
    }
  });

  it('count right across the wrap of a counter', () => {
    const { delta } = windowOf(
      NOON +
        cpu(0, 2 ** 28).replaceAll(String(2 ** 28 * 12), String(2 ** 32 - 10)) +
        LATER +
        cpu(0, 2 ** 28 + 1).replaceAll(String((2 ** 28 + 1) * 12), '15'),
    );
    expect(delta).toMatchObject({ found: 25, insertFailed: 1 });
  });

  it.each([
    ['one moment', NOON + cpu(0, 1), 'the files hold one moment of the counters, and they count since boot'],
    ['no times', cpu(0, 1) + cpu(0, 2), 'nothing says when each of the moments was'],
    ['one time', NOON + cpu(0, 1) + cpu(0, 2), 'nothing says when each of the moments was'],
    ['the same time', NOON + cpu(0, 1) + NOON + cpu(0, 2), 'nothing says when each of the moments was'],
    [
      'another node',
      NOON + cpu(0, 9) + LATER + cpu(0, 2),
      'the later counters are lower: another node, or it was restarted',
    ],
    ['nothing', 'hello\n', 'no file holds them'],
    ['half a line', NOON + cpu(0, 1) + LATER + cpu(0, 2).slice(0, 40), 'lines cut short or malformed'],
  ])('of %s are no window, and the gap says why', (_, text, why) => {
    const { delta, gaps } = windowOf(text);
    expect(delta).toBeUndefined();
    expect(gaps.map((gap) => gap.why)).toContain(why);
  });

  it('takes the first and the last of many', () => {
    const at = (second: number): string => `${1_795_348_800 + second}\n`;
    const text = [0, 5, 10, 15].map((second) => at(second) + cpu(0, second)).join('');
    expect(counterSnapshots(text)).toHaveLength(4);
    expect(windowOf(text).delta).toMatchObject({ seconds: 15, insertFailed: 15 });
  });
});
