// Runs a command line within this process, with the program's own parts: starting a process takes longer than most commands.
import { LAZY_MEASURES } from '../../src/cli/lazy-measures.ts';
import { runProgram } from '../../src/cli/run-program.ts';
import type { Surroundings } from '../../src/cli/surroundings.ts';
import type { Said } from './run-command.ts';

/** No terminal, no home, no other variables, no chance; real clocks, and no waiting, unless the test says otherwise. */
export async function runInProcess(words: readonly string[], around: Partial<Surroundings> = {}): Promise<Said> {
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
    variables: { HOME: '/nonexistent' },
    platform: process.platform,
    runtime: 'test',
    stdout: output('stdout'),
    stderr: output('stderr'),
    stdinIsTerminal: false,
    takeTerminal: () => Promise.reject(new TypeError('the terminal was asked for')),
    readStdin: () => Promise.resolve(new Uint8Array()),
    streamStdin: noInput,
    readLine: () => Promise.resolve(undefined),
    docsFolder: undefined,
    cpus: 1,
    now: () => performance.now(),
    cpuMilliseconds: () => 0,
    wallClock: () => new Date().toISOString(),
    pause: () => Promise.resolve(),
    sleep: () => Promise.resolve(),
    random: () => 0.5,
    randomBytes: (count) => new Uint8Array(count),
    processFigures: () => ({ cpuSeconds: 0, residentBytes: 0, startSeconds: 0 }),
    isolate: () => Promise.resolve(),
    signal: new AbortController().signal,
    measures: LAZY_MEASURES,
    ...around,
  });
  return { code, ...said };
}

/** Nothing is typed. */
async function* noInput(): AsyncGenerator<Uint8Array> {}
