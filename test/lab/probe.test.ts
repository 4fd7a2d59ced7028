// The probe on the kernel this test runs on, in a thread and in a child; the expectation is Linux >= 6.5 (CI and development).
import { readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { probeKernel } from '../../src/kernel/probe/probe-kernel.ts';
import { oracle, runIsolated } from './run-isolated.ts';

const ANSWERS = { evictsClosing: 'yes', search: 'windows', filtersSnatDump: 'yes', moduloBias: 'yes', eventMode: 2 };

const PRINT_PROBE = fileURLToPath(new URL('./print-probe.js', import.meta.url));
/** Root becomes nobody and keeps only the right to read the checkout; anyone else is without privilege already. */
const READ = '+dac_read_search';
const AS_NOBODY =
  process.getuid?.() === 0
    ? ['--reuid', '65534', '--regid', '65534', '--clear-groups', '--inh-caps', READ, '--ambient-caps', READ]
    : ['--no-new-privs'];

describe('probeKernel', () => {
  it('finds out what this kernel does and says how, without leaving its own namespace', async () => {
    const before = readlinkSync('/proc/thread-self/ns/net');
    const behaviour = await probeKernel({ release: 'test' });
    expect(behaviour).toMatchObject({ release: 'test', ...ANSWERS });
    expect(behaviour.evidence).toHaveLength(5);
    expect(behaviour.evidence[1]).toContain('tried 248 of them');
    expect(readlinkSync('/proc/thread-self/ns/net')).toBe(before);
  });

  it('answers the same from inside a user namespace', () => {
    expect(runIsolated(new URL('./probe-programs.js', import.meta.url), 'probe')).toMatchObject(ANSWERS);
  });

  it('answers the same without any privilege, by a child', () => {
    expect(JSON.parse(oracle('setpriv', ...AS_NOBODY, '--', process.execPath, PRINT_PROBE))).toMatchObject(ANSWERS);
  });

  it('says unknown, and why, where nothing is allowed', () => {
    const seen = runIsolated(new URL('./probe-programs.js', import.meta.url), 'probeForbidden') as {
      evidence: string[];
    };
    expect(seen).toMatchObject({ evictsClosing: 'unknown', search: 'unknown', moduloBias: 'unknown' });
    expect(seen.evidence[0]).toMatch(/nothing was tried: in a thread .*EPERM.*; in a child .+/);
  });
});
