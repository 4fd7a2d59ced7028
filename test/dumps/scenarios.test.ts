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

const DIFFERENCES: Readonly<Record<string, Difference>> = {
  filling: { two: CANNOT_TELL, more: CANNOT_TELL, all: CANNOT_TELL },
  'time-wait-evicting': { two: CANNOT_TELL, more: CANNOT_TELL, all: CANNOT_TELL },
  'time-wait-old-kernel': { two: CANNOT_TELL, more: CANNOT_TELL, all: CANNOT_TELL },
  paws: { two: CANNOT_TELL, more: CANNOT_TELL, all: CANNOT_TELL },
  'confirm-race': { two: CANNOT_TELL, more: CANNOT_TELL },
  'table-nearly-full': { two: CANNOT_TELL },
  'nodeport-equals-snat-port': { two: CANNOT_TELL },
  'nodeport-same-remote-tuple': { two: CANNOT_TELL },
  'host-listener-equals-snat-port': { two: CANNOT_TELL },
  'untracked-vxlan-port': { two: CANNOT_TELL },
  'dsr-rewrite': { two: CANNOT_TELL },
  'rules-in-wrong-order': { two: CANNOT_TELL },
};

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
    const wrong = rows.filter(({ scenario, live, twoFiles, moreFiles, jsonFiles, allFiles }) => {
      const difference = DIFFERENCES[scenario];
      const asLive = verdictOf(live);
      return (
        verdictOf(twoFiles) !== (difference?.two ?? asLive) ||
        verdictOf(moreFiles) !== (difference?.more ?? asLive) ||
        verdictOf(jsonFiles) !== (difference?.more ?? asLive) ||
        verdictOf(allFiles) !== (difference?.all ?? asLive)
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
