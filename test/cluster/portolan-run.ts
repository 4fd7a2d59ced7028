// Runs the program as a person does, against an API server, within this process: starting one takes longer than a request.
import { LAZY_MEASURES } from '../../src/cli/lazy-measures.ts';
import { runProgram } from '../../src/cli/run-program.ts';
import type { Said } from '../cli/run-command.ts';
import type { ApiAccess } from './api-access.ts';
import { withKubeconfig } from './kube-client.ts';

/** With the kubeconfig of this user, and no home, so that no other one is found. */
export function portolanAs(access: ApiAccess, ...words: readonly string[]): Promise<Said> {
  return withKubeconfig(access, (kubeconfig) => portolanOn(kubeconfig, words));
}

async function portolanOn(kubeconfig: string, words: readonly string[]): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  const output = (name: keyof typeof said) => ({
    write: (text: string) => void (said[name] += text),
    isTerminal: false,
    columns: undefined,
  });
  const code = await runProgram({
    arguments: words,
    startedAs: 'portolan',
    scriptPath: 'portolan.js',
    variables: { HOME: '/nonexistent', KUBECONFIG: kubeconfig, LANG: 'C.UTF-8' },
    platform: process.platform,
    runtime: 'test',
    stdout: output('stdout'),
    stderr: output('stderr'),
    stdinIsTerminal: false,
    takeTerminal: () => Promise.reject(new TypeError('the terminal was asked for')),
    readStdin: () => Promise.resolve(new Uint8Array()),
    readLine: () => Promise.resolve(undefined),
    docsFolder: undefined,
    cpus: 1,
    now: () => performance.now(),
    cpuMilliseconds: () => 0,
    wallClock: () => new Date().toISOString(),
    pause: () => Promise.resolve(),
    sleep: (milliseconds) => new Promise((resume) => setTimeout(resume, milliseconds)),
    random: () => 0.5,
    isolate: () => Promise.resolve(),
    signal: new AbortController().signal,
    measures: LAZY_MEASURES,
  });
  return { code, ...said };
}
