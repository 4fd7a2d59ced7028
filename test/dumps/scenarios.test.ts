// What saved files tell of every staged fault, beside what the live node tells at the same moment.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runIsolated } from '../lab/run-isolated.ts';
import type { ComparedScenario } from './scenario-texts.ts';

const PROGRAMS = new URL('./scenario-texts.js', import.meta.url);

const CANNOT_TELL = 'cannot-tell';

/** What a set of files says: the live verdict, or that it cannot be told. */
interface FromFiles {
  readonly two: string | undefined;
  readonly more: string | undefined;
  readonly all: string | undefined;
}

const PAGE = readFileSync('docs/reference/files.md', 'utf8');

/** The cells behind each scenario's name in the table below a heading of the page. */
function rowsBelow(heading: string): ReadonlyMap<string, readonly string[]> {
  const start = PAGE.indexOf(`\n${heading}\n`);
  const section = PAGE.slice(start, PAGE.indexOf('\n#', start + heading.length));
  const rows = section.matchAll(/^\| (`[a-z0-9-]+`(?:, `[a-z0-9-]+`)*) \| (.*) \|$/gm);
  const entries = Array.from(rows, ([, names = '', rest = '']) =>
    names.split(', ').map((name) => [name.slice(1, -1), rest.split(' | ')] as const),
  );
  return new Map(entries.flat());
}

/** The table of the page: people choose by it which files to save. `the same` is undefined here. */
function tableOfPage(): ReadonlyMap<string, FromFiles> {
  const said = (cell = ''): string | undefined => (cell.startsWith('cannot tell') ? CANNOT_TELL : undefined);
  return new Map(
    [...rowsBelow('## What the scenarios of the lab show')].map(([name, [, two, more, all]]) => [
      name,
      { two: said(two), more: said(more), all: said(all) },
    ]),
  );
}

/** What two files cannot say: the verdicts of two nodes that both give these same files. */
function worldsOfPage(): ReadonlyMap<string, readonly string[]> {
  return new Map(
    [...rowsBelow('### What two files cannot know')].map(([name, [, ...verdicts]]) => [
      name,
      verdicts.map((cell) => cell.split(/[ ,:]/)[0] ?? ''),
    ]),
  );
}

/** How fast ports fill shows late in the ports themselves: then these files say so too. */
const MAY_SHOW: ReadonlySet<string> = new Set(['filling']);

function table(rows: readonly ComparedScenario[]): string {
  const line = (...cells: readonly string[]): string => cells.map((cell) => cell.padEnd(34)).join('');
  return [
    line(
      'scenario',
      'live',
      'conntrack -L, iptables-save',
      'nft, ss, sysctl besides',
      'the same, nft -j',
      'counters besides',
      'one world',
      'another',
    ),
    ...rows.map(({ scenario, live, twoFiles, moreFiles, jsonFiles, allFiles, worlds }) =>
      line(scenario, ...[live, twoFiles, moreFiles, jsonFiles, allFiles, ...worlds].map((cell) => cell.join(', '))),
    ),
  ].join('\n');
}

/** `churn` of `churn (critical)`. */
function verdictOf(findings: readonly string[]): string | undefined {
  // Of what is only noted beside it the verdict is the other one.
  return (findings.find((each) => !each.endsWith('(info)')) ?? findings[0])?.split(' ')[0];
}

function undecided({ scenario, worlds }: ComparedScenario): readonly (string | undefined)[] {
  return [scenario, ...worlds.map(verdictOf)];
}

describe.each(['withIptablesNft', 'withIptablesLegacy'])('every staged fault, %s', (program) => {
  it('is told from files as it is live, or cannot be told: never that all is well', () => {
    const rows = runIsolated(PROGRAMS, program, { timeoutMs: 400_000 }) as ComparedScenario[];
    const page = tableOfPage();
    const wrong = rows.filter((row) => {
      const { two, more, all } = page.get(row.scenario) ?? { two: 'no row', more: 'no row', all: 'no row' };
      const asLive = verdictOf(row.live);
      const isRight = (findings: readonly string[], expected = asLive): boolean =>
        verdictOf(findings) === expected || (MAY_SHOW.has(row.scenario) && verdictOf(findings) === asLive);
      return !(
        isRight(row.twoFiles, two) &&
        isRight(row.moreFiles, more) &&
        isRight(row.jsonFiles, more) &&
        isRight(row.allFiles, all)
      );
    });
    if (process.env['PTL_SHOW'] !== undefined) console.log(table(rows));
    expect(
      wrong.map(({ scenario }) => scenario),
      table(rows),
    ).toEqual([]);
    expect(rows.length).toBeGreaterThan(15);
    expect(rows.filter((row) => verdictOf(row.twoFiles) === CANNOT_TELL).map(undecided), table(rows)).toEqual(
      rows
        .filter((row) => verdictOf(row.twoFiles) === CANNOT_TELL)
        .map(({ scenario, live }) => {
          const [staged = '', other = ''] = worldsOfPage().get(scenario) ?? [];
          expect([scenario, staged]).toEqual([scenario, verdictOf(live)]);
          expect(staged).not.toBe(other);
          return [scenario, staged, other];
        }),
    );
  }, 420_000);
});
