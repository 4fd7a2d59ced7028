// The live view as a person meets it: a terminal, keys, what stands on the screen, and the screen afterwards.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { SAMPLE_PROGRAM } from '../cli/run-command.ts';
import { portolanCommand, runPortolan } from './run-portolan.ts';
import { type TerminalSize, TmuxTerminal } from './tmux-terminal.ts';

const USUAL = { columns: 100, rows: 34 };
const SAMPLE = `'${process.execPath}' '${SAMPLE_PROGRAM}'`;
const VIEW = { isAlternate: true, hasCursor: false, wraps: false };
const SHELL = { isAlternate: false, hasCursor: true, wraps: true };
const LAB = 120_000;

let open: TmuxTerminal | undefined;

function terminal(size: TerminalSize = USUAL, variables: NodeJS.ProcessEnv = {}): TmuxTerminal {
  open = TmuxTerminal.open(size, variables);
  open.enter('echo before-$((40 + 2))');
  return open;
}

afterEach(() => {
  open?.close();
  open = undefined;
});

/** After the view: the old screen, the cursor, line editing with echo. */
async function expectRestored(shell: TmuxTerminal): Promise<string> {
  shell.enter('stty -a | tr " " "\\n" | grep -x -e "-*icanon" -e "-*echo" -e "-*isig" | paste -sd,; echo settled-$?');
  const screen = await shell.waitFor(/settled-0/);
  expect(screen).toContain('before-42');
  // What is typed before the prompt comes is answered behind it.
  expect(/^(?:\$ )?(-?\w+(,-?\w+){2})$/m.exec(screen)?.[1]?.split(',').sort()).toEqual(['echo', 'icanon', 'isig']);
  expect(shell.state()).toEqual(SHELL);
  return screen;
}

describe('portolan top on a lab node', () => {
  it(
    'shows a filling destination, its holders and their ports, filters, sorts, pauses, resizes, and leaves no trace',
    async () => {
      const shell = terminal();
      const { command } = portolanCommand(['top', '--lab', 'filling']);
      shell.enter(command);
      const node = await shell.waitFor(/> . tcp 203\.0\.113\.10:443/);
      expect(shell.state()).toEqual(VIEW);
      expect(node).not.toContain('before-42');
      expect(node).toMatch(/^node-1 .* UTC$/m);
      expect(node).toMatch(/range 40000-40511 by Calico/);
      expect(node).toMatch(/^36864 {2}·+\[[⠀-⣿ ]{8}\]·+$/m);
      const used = (text: string): number => Number(/([\d,]+)\/512/.exec(text)?.[1] ?? 'none');
      expect(used(node)).toBeGreaterThanOrEqual(384);
      // The pods keep what they open: a later look shows more.
      const time = / (\d\d:\d\d:\d\d) UTC/.exec(node)?.[1] ?? '';
      const later = await shell.waitFor(new RegExp(`^node-1 .*(?<!${time}) UTC$`, 'm'));
      expect(used(later)).toBeGreaterThan(used(node));

      shell.press('Enter');
      const holders = await shell.waitFor(/HELD BY/);
      expect(holders).toMatch(/^node-1 > tcp 203\.0\.113\.10:443 /m);
      expect(holders).toMatch(/^ {4}10\.244\.\d+\.\d+ +128 /m);
      shell.press('Down', 'Enter');
      const ports = await shell.waitFor(/SOURCE'S OWN PORT/);
      expect(ports).toMatch(/^> {3}40\d\d\d +ESTABLISHED +5 d +\d+$/m);
      expect(ports).toMatch(/1-\d+ of 1\d\d ports/);
      shell.press('Escape');
      expect(await shell.waitFor(/^> {3}10\.244/m)).toMatch(/^ {4}10\.244.*\n> {3}10\.244/m);
      shell.press('Escape');
      await shell.waitFor(/DESTINATION/);

      shell.type('/udp');
      expect(await shell.waitFor(/no port space {2}1 filtered out .* filter: udp_/)).not.toContain('512/512 ');
      shell.press('Escape');
      await shell.waitFor(/1-1 of 1 port space {2}sort: worst first$/m);
      shell.type('s');
      await shell.waitFor(/sort: most ports used/);

      shell.type('p');
      const frozen = await shell.waitFor(/PAUSED at \d\d:\d\d:\d\d UTC/);
      shell.resize({ columns: 80, rows: 24 });
      const small = await shell.waitFor(/^36864|^32768 {2}/m);
      await shell.waitFor(/q quit\s*$/);
      expect(used(small)).toBe(used(frozen));
      expect(shell.screen().split('\n').slice(0, 24).at(-1)).toMatch(/q quit/);
      shell.resize({ columns: 50, rows: 10 });
      await shell.waitFor(/50x10 is too small, wanted 60x14/);
      shell.resize(USUAL);
      await shell.waitFor(/PAUSED/);

      shell.type('q');
      await shell.waitFor(/Next: portolan lab shell filling/);
      await expectRestored(shell);
    },
    LAB,
  );
});

describe('leaving the view', () => {
  it('with q says what to type next', async () => {
    const shell = terminal(USUAL, { PTL_SAMPLE: 'critical-churn' });
    shell.enter(`${SAMPLE} top; echo code-$?`);
    await shell.waitFor(/CHURN/);
    expect(shell.state()).toEqual(VIEW);
    shell.type('q');
    expect(await shell.waitFor(/code-0/)).toContain('Next: portolan plan');
    await expectRestored(shell);
  });

  it('with Ctrl-C is exit code 130', async () => {
    const shell = terminal(USUAL, { PTL_SAMPLE: 'critical-churn' });
    shell.enter(`${SAMPLE} top; echo code-$?`);
    await shell.waitFor(/CHURN/);
    shell.press('C-c');
    await shell.waitFor(/code-130/);
    await expectRestored(shell);
  });

  it('by SIGTERM gives the terminal back, exit code 143', async () => {
    const shell = terminal(USUAL, { PTL_SAMPLE: 'critical-churn' });
    shell.enter(`${SAMPLE} top; echo code-$?`);
    await shell.waitFor(/CHURN/);
    process.kill(shell.childId(), 'SIGTERM');
    await shell.waitFor(/code-143/);
    await expectRestored(shell);
  });

  it('by a crash gives the terminal back first, so that the report can be read', async () => {
    const shell = terminal(USUAL, { PTL_SAMPLE: 'late-crash' });
    shell.enter(`${SAMPLE} top; echo code-$?`);
    const screen = await shell.waitFor(/code-1$/m);
    expect(screen).toContain('portolan has a bug: RangeError: offset is out of bounds');
    await expectRestored(shell);
  });

  it('is not what a stop and a continue do: the view comes back whole', async () => {
    const shell = terminal(USUAL, { PTL_SAMPLE: 'critical-churn' });
    shell.enter(`${SAMPLE} top; echo code-$?`);
    await shell.waitFor(/CHURN/);
    const id = shell.childId();
    process.kill(id, 'SIGSTOP');
    process.kill(id, 'SIGCONT');
    await shell.waitFor(/CHURN/);
    shell.type('?');
    await shell.waitFor(/any key goes back/);
    shell.type('xq');
    await shell.waitFor(/code-0/);
    await expectRestored(shell);
  });
});

describe('colour and marks', () => {
  it('follow NO_COLOR and --ascii', async () => {
    const shell = terminal(USUAL, { PTL_SAMPLE: 'critical-churn' });
    shell.enter(`${SAMPLE} top`);
    await shell.waitFor(/CHURN/);
    // Red, bold or not, as tmux spells it.
    expect(
      shell
        .colouredScreen()
        .split('\u001b')
        .some((part) => /^\[(?:\d+;)*31m/.test(part)),
    ).toBe(true);
    shell.type('q');
    await shell.waitFor(/Next:/);
    shell.enter(`clear; NO_COLOR=1 ${SAMPLE} top --ascii`);
    const plain = await shell.waitFor(/> x tcp .* CHURN/);
    expect(plain).toMatch(/^[\n\x20-\x7e]*$/);
    expect(shell.colouredScreen()).not.toContain('\u001b[');
    shell.type('q');
  });
});

describe('without a terminal', () => {
  it('says what to use instead', () => {
    const { status, stdout, stderr } = runPortolan(['top']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe(
      'Cannot open the live view: stdout is no terminal, wanted a person at a terminal\nhint: portolan diagnose, or portolan top --once\n',
    );
  });

  it('refuses a terminal that nobody types at', () => {
    const { command, env } = portolanCommand(['top']);
    const run = spawnSync('script', ['-qec', `${command} < /dev/null`, '/dev/null'], { encoding: 'utf8', env });
    expect(run.stdout).toContain('Cannot open the live view: stdin is no terminal');
    expect(run.stdout).not.toContain('\u001b[?1049h');
    expect(run.status).toBe(1);
  });

  it('refuses a terminal that cannot move its cursor', () => {
    const { command, env } = portolanCommand(['top']);
    const run = spawnSync('script', ['-qec', `TERM=dumb ${command}`, '/dev/null'], { encoding: 'utf8', env });
    expect(run.stdout).toContain('Cannot open the live view: TERM is dumb');
    expect(run.status).toBe(1);
  });

  it('prints one frame with --once', () => {
    const sample = fileURLToPath(new URL('../cli/sample-program.js', import.meta.url));
    const env = { ...process.env, PTL_SAMPLE: 'critical-churn', LC_ALL: 'C.UTF-8' };
    const run = spawnSync(process.execPath, [sample, 'top', '--once'], { encoding: 'utf8', env });
    expect(run.status).toBe(0);
    expect(run.stdout).toMatch(/^worker-3 .* UTC\n/);
    expect(run.stdout).toMatch(/CHURN +32,101\/32,768/);
    expect(run.stdout).not.toContain('\u001b');
    expect(run.stdout).not.toContain('q quit');
  });
});
