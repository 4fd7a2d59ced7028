// What the isolation tests run inside: who am I, and what does a refusal look like.
import { execFileSync } from 'node:child_process';
import { readlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PortolanError } from '../../src/core/errors/portolan-error.ts';
import { isolateProcess } from '../../src/lab/isolate-process.ts';

export function describeProcess(): Promise<unknown> {
  return Promise.resolve({
    uid: process.getuid?.(),
    netns: readlinkSync('/proc/self/ns/net'),
    way: process.env['PORTOLAN_ISOLATED'],
    script: process.argv[1],
  });
}

/** Forbids further user namespaces here and below, drops every capability, and tries. */
export function isolateForbidden(): Promise<unknown> {
  writeFileSync('/proc/sys/user/max_user_namespaces', '0');
  const program = fileURLToPath(new URL('./isolated-program.js', import.meta.url));
  const drop = ['--bounding-set', '-all', '--inh-caps', '-all', '--no-new-privs'];
  const node = [process.execPath, program, import.meta.url, 'refusal'];
  return Promise.resolve(JSON.parse(execFileSync('setpriv', [...drop, ...node], { encoding: 'utf8' })) as unknown);
}

export function refusal(): Promise<unknown> {
  try {
    isolateProcess({
      platform: process.platform,
      execPath: process.execPath,
      execArgv: [],
      scriptAndArguments: [],
      env: { PATH: process.env['PATH'] },
      uid: process.geteuid?.(),
    });
    return Promise.resolve({ code: 'none' });
  } catch (error) {
    if (!(error instanceof PortolanError)) throw error;
    return Promise.resolve({ code: error.code, message: error.message, hint: error.hint });
  }
}
