import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Reading } from '../../src/core/model/reading.ts';

type Readings = Readonly<Record<string, Reading<unknown>>>;

const PROGRAM = fileURLToPath(new URL('./print-readings.js', import.meta.url));

/** Runs the readers from a shell in a namespace of its own; `$READ` starts them. */
function readingsAfter(script: string): Readings {
  const env = { ...process.env, READ: `${process.execPath} ${PROGRAM}` };
  return JSON.parse(execFileSync('unshare', ['-mn', 'sh', '-ec', script], { encoding: 'utf8', env }));
}

function gapIds(reading: Reading<unknown> | undefined): string[] {
  return reading?.gaps.map((gap) => gap.id) ?? ['no reading'];
}

const PLAIN = 'exec $READ';
const NO_CAPABILITIES =
  'ip link set lo up; exec setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all $READ';
const NO_CONNTRACK = 'mount -t tmpfs none /proc; exec $READ';

describe('the readers', () => {
  it('see everything that procfs, sock_diag and rtnetlink have, without a gap', () => {
    for (const [name, reading] of Object.entries(readingsAfter(PLAIN))) {
      expect([name, reading.complete, reading.gaps]).toEqual([name, true, []]);
    }
  });

  it('need no capability at all', () => {
    const readings = readingsAfter(NO_CAPABILITIES);
    for (const [name, reading] of Object.entries(readings)) expect([name, reading.complete]).toEqual([name, true]);
    expect(readings['addresses']?.value).toContain('127.0.0.1');
  });

  it('name conntrack as absent when nothing of it shows', () => {
    const { settings, counters, table, listeners } = readingsAfter(NO_CONNTRACK);
    for (const reading of [settings, counters, table]) {
      expect(reading?.complete).toBe(false);
      expect(gapIds(reading)).toEqual(['conntrack-absent']);
    }
    expect(listeners?.complete).toBe(true);
  });
});
