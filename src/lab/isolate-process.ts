// Starts this program over inside namespaces of its own, once: by execve, so there is no parent that could outlive or lose it.
// A user namespace must be entered while single-threaded, which Node never is; `unshare` (util-linux) does it before Node starts.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
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
  /** Effective user, for hints that fit; undefined where there are none. */
  readonly uid?: number | undefined;
}

const F_SETFD = 2;

/** Set in the environment of the program that runs inside. */
export const ISOLATED = 'PORTOLAN_ISOLATED';

/** Tried in this order; the second is for root where user namespaces are refused. */
const WAYS = [['--user', '--map-root-user', '--net'], ['--net']] as const;

/**
 * Returns when the program already runs inside; otherwise replaces the process and does not return.
 * Errors: PTL_NOT_LINUX, PTL_USERNS_REFUSED (with why and how to allow it).
 */
export function isolateProcess(start: ProgramStart): void {
  if (start.platform !== 'linux') {
    throw new PortolanError('PTL_NOT_LINUX', `Cannot build a lab: this is ${start.platform}, wanted Linux`);
  }
  if (start.env[ISOLATED] !== undefined) return;
  const unshare = findProgram('unshare', searchPath(start.env));
  const way = findIsolation(unshare, { env: start.env, isRoot: start.uid === 0 });
  const argv = [unshare, ...way, '--', start.execPath, ...start.execArgv, ...start.scriptAndArguments];
  for (const stdio of [0, 1, 2]) libc().fcntl(stdio, F_SETFD, 'int', 0);
  libc().execve(unshare, [...argv, null], [...environment(start.env, way.length > 1 ? 'user' : 'root'), null]);
  throw new PortolanError('PTL_LIBC', `Cannot start over in namespaces: ${errnoName(lastErrno())}, wanted ${unshare}`);
}

/** The `unshare` flags that this machine allows. Errors: PTL_USERNS_REFUSED with what each way said. */
export function findIsolation(unshare: string, { env, isRoot = false }: IsolationOptions): readonly string[] {
  const failures: string[] = [];
  for (const way of WAYS) {
    const { status, error, stderr } = spawnSync(unshare, [...way, '--', 'true'], {
      env: { PATH: searchPath(env) },
      encoding: 'utf8',
    });
    if (status === 0) return way;
    // A program that could not be started at all has no stderr.
    const words = error === undefined ? stderr.trim() : error.message;
    failures.push(`${way.join(' ')}: ${words === '' ? 'refused' : words}`);
  }
  throw refusal(failures, isRoot);
}

export interface IsolationOptions {
  readonly env: ProgramStart['env'];
  /** Whether sudo would change nothing. */
  readonly isRoot?: boolean;
}

function refusal(failures: readonly string[], isRoot: boolean): PortolanError {
  const { why, how } = explainRefusal(readSetting);
  return new PortolanError(
    'PTL_USERNS_REFUSED',
    `Cannot make namespaces: ${failures.join('; ')} (${why}), wanted user namespaces or root with CAP_SYS_ADMIN`,
    { hint: isRoot ? how.replace(/^sudo /, '') : `${how}, or run with sudo` },
  );
}

function readSetting(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

/** Settings that refuse namespaces by their value; the first one holds for root too. */
const REFUSING_SETTINGS = [
  { sysctl: 'user.max_net_namespaces', refusing: '0', allowing: '15000' },
  { sysctl: 'kernel.unprivileged_userns_clone', refusing: '0', allowing: '1' },
  { sysctl: 'user.max_user_namespaces', refusing: '0', allowing: '15000' },
  { sysctl: 'kernel.apparmor_restrict_unprivileged_userns', refusing: '1', allowing: '0' },
] as const;

/** Names the setting that most likely refuses, from the files that hold it. `read` gives undefined for an absent file. */
export function explainRefusal(read: (path: string) => string | undefined): { why: string; how: string } {
  const found = REFUSING_SETTINGS.find(
    ({ sysctl, refusing }) => read(`/proc/sys/${sysctl.replaceAll('.', '/')}`) === refusing,
  );
  if (found !== undefined)
    return { why: `${found.sysctl} is ${found.refusing}`, how: `sudo sysctl ${found.sysctl}=${found.allowing}` };
  return {
    why: 'no sysctl forbids it; a container runtime usually does, by seccomp or missing capabilities',
    how: 'docker run --privileged, or --security-opt seccomp=unconfined --cap-add SYS_ADMIN',
  };
}

/** The first executable of that name along a search path. Errors: PTL_USERNS_REFUSED. */
export function findProgram(name: string, path: string): string {
  const paths = path
    .split(':')
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .filter((candidate) => existsSync(candidate));
  const runnable = paths.find(isExecutable);
  if (runnable !== undefined) return runnable;
  const [present] = paths;
  if (present === undefined)
    throw new PortolanError(
      'PTL_USERNS_REFUSED',
      `Cannot make namespaces: ${name} is not installed, wanted util-linux`,
      {
        hint: 'install util-linux',
      },
    );
  throw new PortolanError(
    'PTL_USERNS_REFUSED',
    `Cannot make namespaces: ${present} may not be run, wanted it executable`,
    {
      hint: `chmod +x ${present}, or install util-linux again`,
    },
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function searchPath(env: ProgramStart['env']): string {
  return `${env['PATH'] ?? ''}:/usr/bin:/bin:/usr/sbin:/sbin`;
}

function environment(env: ProgramStart['env'], way: string): string[] {
  const kept = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  return [...kept, `${ISOLATED}=${way}`];
}
