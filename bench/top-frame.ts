// What one frame of the live view costs, and that it does not grow with flows; beside it ink, where it is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ANSI_PALETTE } from '../src/present/palette.ts';
import { DEFAULT_STYLE } from '../src/present/style.ts';
import type { TopSnapshot } from '../src/present/top/node-look.ts';
import { reduceTop } from '../src/present/top/reduce-top.ts';
import { topFrame } from '../src/present/top/top-frame.ts';
import { type TopState, initialTop } from '../src/present/top/top-state.ts';
import { NodeWatch } from '../src/observe/node-watch.ts';
import { observeNode } from '../src/observe/observe-node.ts';
import type { Benchmark, Measure, Report } from './benchmark.ts';
import { topSnapshots } from './top-snapshots.ts';

const SPACES = 3000;
const FEW_FLOWS = 30_000;
const MANY_FLOWS = 600_000;
const SIZE = { columns: 100, rows: 36 };
const STYLE = { ...DEFAULT_STYLE, palette: ANSI_PALETTE };
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

function start(snapshot: TopSnapshot): TopState {
  return reduceTop(initialTop(), { kind: 'snapshot', snapshot });
}

/** Processor time of one round, milliseconds: other programs on the machine do not count. */
function cpuMilliseconds(rounds: number, run: (round: number) => void): number {
  for (let round = 0; round < rounds >> 2; round += 1) run(round);
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) run(round);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / rounds;
}

/** A key and the frame after it, milliseconds: freeze, go on, freeze ... with the same destination in the map. */
function keyAndFrame(state: TopState, rounds: number): number {
  let now = state;
  return cpuMilliseconds(rounds, (round) => {
    now = reduceTop(now, { kind: 'key', key: { name: 'text', text: round % 2 === 0 ? 'p' : ' ' } });
    topFrame(now, SIZE, { style: STYLE });
  });
}

/** A look made, taken in and drawn; the holders of the chosen destination are found for it, once. */
function lookAndFrame(look: () => TopSnapshot, rounds: number): number {
  let state = initialTop();
  return cpuMilliseconds(rounds, () => {
    state = reduceTop(state, { kind: 'snapshot', snapshot: look() });
    topFrame(state, SIZE, { style: STYLE });
  });
}

function frameReport(rounds: number): Report {
  const few = topSnapshots({ spaces: SPACES, flows: FEW_FLOWS });
  const many = topSnapshots({ spaces: SPACES, flows: MANY_FLOWS });
  const fewTime = keyAndFrame(start(few()), rounds);
  const manyTime = keyAndFrame(start(many()), rounds);
  const measures: Measure[] = [
    {
      what: `a frame with ${MANY_FLOWS} flows over one with ${FEW_FLOWS}`,
      value: manyTime / fewTime,
      unit: 'x',
      goal: { atMost: 1.5 },
      detail: `${manyTime.toFixed(2)} ms over ${fewTime.toFixed(2)} ms, ${SPACES} port spaces`,
    },
    {
      what: `a key and its frame, ${SPACES} port spaces`,
      value: manyTime,
      unit: 'ms',
      goal: { atMost: 5 },
    },
    {
      what: `a look of ${MANY_FLOWS} flows, made ready and drawn`,
      value: lookAndFrame(many, rounds >> 2),
      unit: 'ms',
      goal: { atMost: 50 },
    },
  ];
  return { title: 'Live view', measures };
}

interface DrawnFrames {
  readonly importMilliseconds: number;
  readonly cpuMilliseconds: number;
  readonly residentBytes: number;
}

/** Where `npm install ink@6 react@19` was run, for the comparison. */
const INK_FOLDER = process.env['PTL_INK'];

/** Runs a program that draws on a terminal of its own, made by script(1). */
function drawn(program: string, frames: number, inkFolder = ''): DrawnFrames | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-top-frame-'));
  try {
    const report = join(folder, 'report.json');
    const command = `stty rows 40 columns 110; NODE_ENV=production '${process.execPath}' '${program}' ${frames} '${report}' '${inkFolder}'`;
    spawnSync('script', ['-qec', command, '/dev/null'], { stdio: ['ignore', 'ignore', 'ignore'] });
    if (!existsSync(report)) return undefined;
    const said: DrawnFrames = JSON.parse(readFileSync(report, 'utf8'));
    return said;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function drawnReport(frames: number): Report {
  const own = drawn(join(ROOT, 'dist/bench/top-frames-program.js'), frames);
  const ink =
    INK_FOLDER === undefined ? undefined : drawn(join(ROOT, 'bench/peers/ink-frames.mjs'), frames, INK_FOLDER);
  const title = 'Ten frames a second on a terminal';
  const rows = (name: string, said: DrawnFrames | undefined): readonly Measure[] =>
    said === undefined
      ? []
      : [
          { what: `${name}: loading it`, value: said.importMilliseconds, unit: 'ms' },
          { what: `${name}: processor time per frame`, value: said.cpuMilliseconds, unit: 'ms' },
          { what: `${name}: resident memory`, value: said.residentBytes / 1e6, unit: 'MB' },
        ];
  const ratio: readonly Measure[] =
    own === undefined || ink === undefined
      ? []
      : [
          {
            what: 'ink over our frames, processor time per frame',
            value: ink.cpuMilliseconds / own.cpuMilliseconds,
            unit: 'x',
          },
        ];
  return {
    title,
    measures: [...ratio, ...rows('our frames', own), ...rows('ink', ink)],
    notes: ink === undefined ? ['ink was not measured: PTL_INK names the folder of npm install ink@6 react@19'] : [],
  };
}

const WINDOW_SECONDS = 0.2;

/** Looks at this machine's own namespace: with a reader thread each, as diagnose does, and with one that is kept. */
async function readerReport(rounds: number): Promise<Report> {
  const watch = new NodeWatch();
  const { behaviour } = await watch.look(WINDOW_SECONDS);
  const each = await lookMilliseconds(rounds, () => observeNode({ windowSeconds: WINDOW_SECONDS, behaviour }));
  const kept = await lookMilliseconds(rounds, () => watch.look(WINDOW_SECONDS));
  await watch.close();
  return {
    title: 'A look at a node with hardly a flow',
    measures: [
      {
        what: 'a reader for each look over one that is kept',
        value: each / kept,
        unit: 'x',
        goal: { atLeast: 2 },
        detail: `${each.toFixed(0)} ms over ${kept.toFixed(0)} ms of processor time, window ${WINDOW_SECONDS} s`,
      },
    ],
  };
}

async function lookMilliseconds(rounds: number, look: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) await look();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / rounds;
}

export const topFrameBenchmark: Benchmark = {
  name: 'top-frame',
  async *run({ quick }) {
    yield frameReport(quick ? 40 : 400);
    yield drawnReport(quick ? 20 : 60);
    yield await readerReport(quick ? 3 : 10);
  },
};
