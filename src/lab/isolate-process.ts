// Starts this program over inside namespaces of its own, once: by execve, so there is no parent that could outlive or lose it.
// A user namespace must be entered while single-threaded, which Node never is; `unshare` (util-linux) does it before Node starts.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PortolanError } from '../core/errors/portolan-error.ts';
import { lastErrno, libc } from '../kernel/netlink/libc.ts';
import { errnoName } from '../kernel/netlink/errno.ts';

/** What the program was started with; main.ts passes its own process in. */
export interface ProgramStart {
  readonly platform: string;
  readonly execPath: string;
  readonly execArgv: readonly string[];
  /** process.argv without the first element: script and arguments. */
  readonly scriptAndArguments: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

const F_SETFD = 2;

/** Set in the environment of the program that runs inside. */
export const ISOLATED = 'PORTOLAN_ISOLATED';

/** Tried in this order; the second is for root where user namespaces are refused. */
const WAYS = [
  ['--user', '--map-root-user', '--net', '--mount'],
  ['--net', '--mount'],
] as const;

/**
 * Returns when the program already runs inside; otherwise replaces the process and does not return.
 * Errors: PTL_NOT_LINUX, PTL_USERNS_REFUSED (with why and how to allow it).
 */
export function isolateProcess(start: ProgramStart): void {
  if (start.platform !== 'linux') {
    throw new PortolanError('PTL_NOT_LINUX', `Cannot build a lab: this is ${start.platform}, wanted Linux`);
  }
  if (start.env[ISOLATED] !== undefined) return;
  const unshare = findProgram('unshare', start.env);
  const way = findIsolation(unshare, start.env);
  const argv = [unshare, ...way, '--', start.execPath, ...start.execArgv, ...start.scriptAndArguments];
  for (const stdio of [0, 1, 2]) libc().fcntl(stdio, F_SETFD, 'int', 0);
  libc().execve(unshare, [...argv, null], [...environment(start.env, way.includes('--user') ? 'user' : 'root'), null]);
  throw new PortolanError('PTL_LIBC', `Cannot start over in namespaces: ${errnoName(lastErrno())}, wanted ${unshare}`);
}

/** The `unshare` flags that this machine allows. Errors: PTL_USERNS_REFUSED. */
export function findIsolation(unshare: string, env: ProgramStart['env']): readonly string[] {
  let words = '';
  for (const way of WAYS) {
    const tried = spawnSync(unshare, [...way, '--', 'true'], { env: { PATH: searchPath(env) }, encoding: 'utf8' });
    if (tried.status === 0) return way;
    words ||= tried.stderr.trim();
  }
  throw refusal(words);
}

function refusal(words: string): PortolanError {
  const { why, how } = explainRefusal((path) => {
    try {
      return readFileSync(path, 'utf8').trim();
    } catch {
      return undefined;
    }
  });
  return new PortolanError(
    'PTL_USERNS_REFUSED',
    `Cannot make namespaces: ${words === '' ? 'refused' : words} (${why}), wanted user namespaces or root`,
    { hint: `${how}, or run with sudo` },
  );
}

/** Names the setting that most likely refuses, from the files that hold it. `read` gives undefined for an absent file. */
export function explainRefusal(read: (path: string) => string | undefined): { why: string; how: string } {
  if (read('/proc/sys/kernel/unprivileged_userns_clone') === '0')
    return {
      why: 'kernel.unprivileged_userns_clone is 0',
      how: 'sudo sysctl kernel.unprivileged_userns_clone=1',
    };
  if (read('/proc/sys/user/max_user_namespaces') === '0')
    return { why: 'user.max_user_namespaces is 0', how: 'sudo sysctl user.max_user_namespaces=15000' };
  if (read('/proc/sys/kernel/apparmor_restrict_unprivileged_userns') === '1')
    return {
      why: 'AppArmor restricts them: kernel.apparmor_restrict_unprivileged_userns is 1',
      how: 'sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0',
    };
  return {
    why: 'no sysctl forbids it; a container runtime usually does, by seccomp or missing capabilities',
    how: 'docker run --privileged, or --security-opt seccomp=unconfined --cap-add SYS_ADMIN',
  };
}

function findProgram(name: string, env: ProgramStart['env']): string {
  for (const folder of searchPath(env).split(':')) {
    const path = join(folder, name);
    if (folder !== '' && existsSync(path)) return path;
  }
  throw new PortolanError('PTL_USERNS_REFUSED', `Cannot make namespaces: ${name} is not installed, wanted util-linux`);
}

function searchPath(env: ProgramStart['env']): string {
  return `${env['PATH'] ?? ''}:/usr/bin:/bin:/usr/sbin:/sbin`;
}

function environment(env: ProgramStart['env'], way: string): string[] {
  const kept = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  return [...kept, `${ISOLATED}=${way}`];
}
