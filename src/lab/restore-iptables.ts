// Installs rules through the iptables programs, when they are there: the only place where the lab runs one.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type IptablesProgram = 'iptables-nft-restore' | 'iptables-legacy-restore';

export interface RestoreOptions {
  readonly program: IptablesProgram;
  /** Rules in iptables-save form. */
  readonly rules: string;
}

export interface RestoreReport {
  readonly ok: boolean;
  /** Why not: the program's own words, or that it is not installed. */
  readonly why: string;
}

/** A child started by this thread inherits its namespace. The lock file is private: /run may not be writable. */
export function restoreIptables({ program, rules }: RestoreOptions): RestoreReport {
  const lock = join(tmpdir(), `portolan-xtables-${process.pid}.lock`);
  const env = { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, XTABLES_LOCKFILE: lock };
  const ran = spawnSync(program, [], { input: rules, env, encoding: 'utf8', timeout: 10_000 });
  rmSync(lock, { force: true });
  if (ran.error !== undefined) return { ok: false, why: `${program}: ${ran.error.message}` };
  return { ok: ran.status === 0, why: ran.stderr.trim() };
}
