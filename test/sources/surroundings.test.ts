import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Reading } from '../../src/core/model/reading.ts';
import { IS_ROOT, shellInNamespace } from './in-namespace.ts';

type Readings = Readonly<Record<string, Reading<unknown>>>;

const PROGRAM = fileURLToPath(new URL('./print-readings.js', import.meta.url));

/** Runs the readers from a shell in a namespace of its own; `$READ` starts them. */
function readingsAfter(script: string): Readings {
  return JSON.parse(shellInNamespace(script, { READ: `${process.execPath} ${PROGRAM}` }));
}

function gapIds(reading: Reading<unknown> | undefined): string[] {
  return reading?.gaps.map((gap) => gap.id) ?? ['no reading'];
}

const PLAIN = 'exec $READ';
/** As nobody when there is such a user to become: a user namespace maps one user only. */
const NOBODY = IS_ROOT ? '--reuid=65534 --regid=65534 --clear-groups' : '--securebits=+noroot';
const NO_CAPABILITIES = `ip link set lo up; exec setpriv ${NOBODY} --inh-caps=-all --bounding-set=-all $READ`;
const EXHAUSTED = 'ulimit -n 256; exec $READ exhausted';
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

  it('name a gap each, and throw nothing, when no file and no socket can be opened', () => {
    const readings = readingsAfter(EXHAUSTED);
    const ids = Object.fromEntries(Object.entries(readings).map(([name, reading]) => [name, gapIds(reading)]));
    expect(ids).toEqual({
      listeners: ['listeners'],
      addresses: ['links'],
      tunnels: ['links'],
      settings: ['sysctls'],
      counters: ['counters'],
      table: ['sysctls'],
    });
    for (const reading of Object.values(readings)) expect(reading.complete).toBe(false);
    expect(readings['listeners']?.gaps[0]?.why).toContain('EMFILE');
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
