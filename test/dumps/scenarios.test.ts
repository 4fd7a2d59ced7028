// What saved files tell of every staged fault, beside what the live node tells at the same moment.
import { describe, expect, it } from 'vitest';
import { runIsolated } from '../lab/run-isolated.ts';
import type { ComparedScenario } from './scenario-texts.ts';

const PROGRAMS = new URL('./scenario-texts.js', import.meta.url);

/** What each set of files says where it is not what the live node says; the table of docs/reference/files.md holds the same. */
interface Difference {
  readonly two: string;
  /** Default: as live. */
  readonly more?: string;
  readonly all?: string;
}

const CANNOT_TELL = 'cannot-tell';

const UNTIL_COUNTERS: Difference = { two: CANNOT_TELL, more: CANNOT_TELL };
const NEVER: Difference = { ...UNTIL_COUNTERS, all: CANNOT_TELL };

const DIFFERENCES: Readonly<Record<string, Difference>> = {
  healthy: UNTIL_COUNTERS,
  'many-destinations': UNTIL_COUNTERS,
  'no-range': UNTIL_COUNTERS,
  'nodeport-equals-snat-port': UNTIL_COUNTERS,
  'host-listener-equals-snat-port': UNTIL_COUNTERS,
  'confirm-race': UNTIL_COUNTERS,
  'table-nearly-full': { two: CANNOT_TELL },
  'nodeport-same-remote-tuple': { two: CANNOT_TELL },
  'untracked-vxlan-port': { two: CANNOT_TELL },
  'dsr-rewrite': { two: CANNOT_TELL },
  'rules-in-wrong-order': { two: CANNOT_TELL },
  filling: NEVER,
  'time-wait-evicting': NEVER,
  'time-wait-old-kernel': NEVER,
  paws: NEVER,
};

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
    ),
    ...rows.map(({ scenario, live, twoFiles, moreFiles, jsonFiles, allFiles }) =>
      line(scenario, ...[live, twoFiles, moreFiles, jsonFiles, allFiles].map((cell) => cell.join(', '))),
    ),
  ].join('\n');
}

/** `churn` of `churn (critical)`. */
function verdictOf(findings: readonly string[]): string | undefined {
  return findings[0]?.split(' ')[0];
}

describe.each(['withIptablesNft', 'withIptablesLegacy'])('every staged fault, %s', (program) => {
  it('is told from files as it is live, or cannot be told: never that all is well', () => {
    const rows = runIsolated(PROGRAMS, program, { timeoutMs: 400_000 }) as ComparedScenario[];
    const wrong = rows.filter((row) => {
      const { two, more, all }: Partial<Difference> = DIFFERENCES[row.scenario] ?? {};
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
  }, 420_000);
});
