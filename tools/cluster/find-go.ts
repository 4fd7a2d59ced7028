// Finds a Go toolchain that is new enough, on PATH or where its own installer and Debian put it.
import { spawnSync } from 'node:child_process';

export type FoundGo = { readonly program: string; readonly version: string } | { readonly missing: string };

const USUAL_PLACES = ['/usr/local/go/bin/go', '/usr/lib/go/bin/go'];

/** The first Go that is `oldest` or newer, else one line on what is missing. From 1.21 on Go can fetch a newer one itself. */
export function findGo(oldest: string, env: NodeJS.ProcessEnv, places: readonly string[] = USUAL_PLACES): FoundGo {
  const found = ['go', ...places].flatMap((program) => {
    const version = goVersion(program, env);
    return version === undefined ? [] : [{ program, version }];
  });
  const usable = found.find(({ program, version }) => isNewEnough(version, oldest) || fetchesToolchains(program, env));
  if (usable !== undefined) return usable;
  const seen = found.map(({ version }) => version).join(', ') || 'no Go on PATH';
  return { missing: `${seen}, wanted Go ${oldest} or newer (Debian: golang-go of trixie or later; or go.dev/dl)` };
}

function goVersion(program: string, env: NodeJS.ProcessEnv): string | undefined {
  // In a folder without go.mod, and held to itself: else Go answers with the toolchain that it would fetch.
  const asked = spawnSync(program, ['version'], { encoding: 'utf8', cwd: '/', env: { ...env, GOTOOLCHAIN: 'local' } });
  return asked.status === 0 ? /\bgo\d+\.\d+\S*/.exec(asked.stdout)?.[0] : undefined;
}

function isNewEnough(version: string, oldest: string): boolean {
  const [major = 0, minor = 0] = version.replace('go', '').split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldest.split('.').map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/** `GOTOOLCHAIN=local`, in the environment or in Go's own settings, forbids it; a Go before 1.21 answers with nothing. */
function fetchesToolchains(program: string, env: NodeJS.ProcessEnv): boolean {
  const { status, stdout } = spawnSync(program, ['env', 'GOTOOLCHAIN'], { encoding: 'utf8', cwd: '/', env });
  return status === 0 && /^auto|\+auto/.test(stdout.trim());
}
