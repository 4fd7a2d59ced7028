// What saved files tell of every staged fault, beside what the live node tells at the same moment.
import { describe, expect, it } from 'vitest';
import { runIsolated } from '../lab/run-isolated.ts';
import type { ComparedScenario } from './scenario-texts.ts';

const PROGRAMS = new URL('./scenario-texts.js', import.meta.url);

/** Scenarios whose verdict rests on something no text of these carries: what it is, and what the text says instead. */
const NOT_FROM_TEXT: Readonly<Record<string, readonly [string, string | undefined]>> = {
  filling: ['how fast ports fill: a window', 'fine'],
  'time-wait-evicting': ['whether the kernel takes over closing entries: a trial', undefined],
  'time-wait-old-kernel': ['whether the kernel takes over closing entries: a trial', 'cannot-tell'],
  'confirm-race': ['packets lost: counters over a window', 'fine'],
  'table-nearly-full': ['how full the table is: sysctl -a', 'fine'],
  paws: ['who closed first, and a trial of the kernel', 'cannot-tell'],
};

/** Scenarios whose rules or sockets stand outside iptables: two files see the ports, not the claim. */
const NEEDS_MORE_FILES: ReadonlySet<string> = new Set([
  'nodeport-equals-snat-port',
  'nodeport-same-remote-tuple',
  'host-listener-equals-snat-port',
  'untracked-vxlan-port',
  'dsr-rewrite',
  'rules-in-wrong-order',
]);

function table(rows: readonly ComparedScenario[]): string {
  const line = (scenario: string, live: string, two: string, all: string): string =>
    `${scenario.padEnd(32)}${live.padEnd(40)}${two.padEnd(40)}${all}`;
  return [
    line('scenario', 'live', 'conntrack -L, iptables-save', 'nft -j and ss besides'),
    ...rows.map(({ scenario, live, twoFiles, allFiles }) =>
      line(scenario, live.join(', '), twoFiles.join(', '), allFiles.join(', ')),
    ),
  ].join('\n');
}

/** `churn` of `churn (critical)`. */
function verdictOf(findings: readonly string[]): string | undefined {
  return findings[0]?.split(' ')[0];
}

describe.each(['withIptablesNft', 'withIptablesLegacy'])('every staged fault, %s', (program) => {
  it('is told from files as it is live, where the text carries what the verdict rests on', () => {
    const rows = runIsolated(PROGRAMS, program, { timeoutMs: 400_000 }) as ComparedScenario[];
    const wrong = rows.filter(({ scenario, live, twoFiles, allFiles }) => {
      const known = NOT_FROM_TEXT[scenario];
      if (known !== undefined) return verdictOf(allFiles) !== known[1];
      const two = NEEDS_MORE_FILES.has(scenario) ? allFiles : twoFiles;
      return verdictOf(two) !== verdictOf(live) || verdictOf(allFiles) !== verdictOf(live);
    });
    expect(
      wrong.map(({ scenario }) => scenario),
      table(rows),
    ).toEqual([]);
    expect(rows.length).toBeGreaterThan(15);
  }, 420_000);
});
