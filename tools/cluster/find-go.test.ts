import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findGo } from './find-go.ts';

const folder = mkdtempSync(join(tmpdir(), 'portolan-find-go-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A program that answers as Go does. */
function plantGo(name: string, answers: { version: string; toolchain: string }): string {
  const path = join(folder, name);
  const script = `#!/bin/sh\n[ "$1" = version ] && echo "go version ${answers.version} linux/amd64" || echo "${answers.toolchain}"\n`;
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return path;
}

describe('findGo', () => {
  const env = { PATH: '/nonexistent' };
  const old = plantGo('old', { version: 'go1.19.8', toolchain: '' });

  it('passes over one that is too old', () => {
    const current = plantGo('current', { version: 'go1.24.13', toolchain: 'local' });
    expect(findGo('1.24', env, [old, current])).toEqual({ program: current, version: 'go1.24.13' });
  });

  it('compares numbers, not text', () => {
    const early = plantGo('early', { version: 'go1.9.7', toolchain: '' });
    expect(findGo('1.24', env, [early])).toHaveProperty('missing');
    const two = plantGo('two', { version: 'go2.0', toolchain: 'local' });
    expect(findGo('1.24', env, [two])).toHaveProperty('program', two);
  });

  it('takes an older one that fetches a newer one itself, unless that is forbidden', () => {
    const fetching = plantGo('fetching', { version: 'go1.21.3', toolchain: 'auto' });
    const forbidden = plantGo('forbidden', { version: 'go1.21.3', toolchain: 'local' });
    expect(findGo('1.24', env, [fetching])).toHaveProperty('program', fetching);
    expect(findGo('1.24', env, [forbidden])).toHaveProperty('missing');
  });

  it('says in one line what was found and what is wanted', () => {
    expect(findGo('1.24', env, [old])).toEqual({ missing: expect.stringMatching(/^go1\.19\.8, wanted Go 1\.24 .*$/) });
    expect(findGo('1.24', env, [])).toEqual({ missing: expect.stringMatching(/^no Go on PATH, wanted Go 1\.24 .*$/) });
  });
});
