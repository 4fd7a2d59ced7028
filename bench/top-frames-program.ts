// Ten frames a second of the live view on this terminal, for comparison with ink: each a new look at a busy node with another
// row chosen. Writes its measurement to a file.
import { writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

const [, , frames = '50', report = '/dev/null'] = process.argv;
const start = performance.now();
const [{ topFrame }, { reduceTop }, { initialTop }, { ScreenLines }, { takeTerminal }, { DEFAULT_STYLE }, palette] =
  await Promise.all([
    import('../src/present/top/top-frame.ts'),
    import('../src/present/top/reduce-top.ts'),
    import('../src/present/top/top-state.ts'),
    import('../src/cli/top/screen-lines.ts'),
    import('../src/cli/top/node-terminal.ts'),
    import('../src/present/style.ts'),
    import('../src/present/palette.ts'),
  ]);
const importMilliseconds = performance.now() - start;
const { topSnapshots } = await import('./top-snapshots.ts');
const [look, other] = [60_000, 58_000].map((flows) => topSnapshots({ spaces: 300, flows }));
const style = { ...DEFAULT_STYLE, palette: palette.ANSI_PALETTE };
const nothing = (): void => undefined;
const terminal = takeTerminal(process, { onKey: nothing, onRedraw: nothing, onEnd: nothing });
const screen = new ScreenLines();

let state = initialTop();
const before = process.cpuUsage();
for (let frame = 0; frame < Number(frames); frame += 1) {
  const snapshot = (frame % 2 === 0 ? look : other)?.();
  if (snapshot !== undefined) state = reduceTop(state, { kind: 'snapshot', snapshot });
  state = reduceTop(state, { kind: 'key', key: { name: 'down' } });
  terminal.write(screen.update(topFrame(state, { columns: 100, rows: 36 }, { style })));
  await sleep(100);
}
const { user, system } = process.cpuUsage(before);
terminal.restore();
const cpuMilliseconds = (user + system) / 1000 / Number(frames);
writeFileSync(
  report,
  JSON.stringify({ importMilliseconds, cpuMilliseconds, residentBytes: process.memoryUsage().rss }),
);
process.exit(0);
