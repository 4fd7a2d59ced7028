// What one frame of the live view costs, and that it does not grow with flows; beside it ink, where it is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { ANSI_PALETTE } from '../src/present/palette.ts';
import { DEFAULT_STYLE } from '../src/present/style.ts';
import type { TopSnapshot } from '../src/present/top/node-look.ts';
import { reduceTop } from '../src/present/top/reduce-top.ts';
import { topFrame } from '../src/present/top/top-frame.ts';
import { type TopState, initialTop } from '../src/present/top/top-state.ts';
import type { Benchmark, Measure, Report } from './benchmark.ts';
import { median } from './benchmark.ts';
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

/** A key and the frame after it, milliseconds: freeze, go on, freeze ... with the same destination in the map. */
function keyAndFrame(state: TopState, rounds: number): number {
  let now = state;
  const times = Array.from({ length: rounds }, (_, round) => {
    const began = performance.now();
    now = reduceTop(now, { kind: 'key', key: { name: 'text', text: round % 2 === 0 ? 'p' : ' ' } });
    topFrame(now, SIZE, { style: STYLE });
    return performance.now() - began;
  });
  return median(times.slice(rounds >> 2));
}

/** A new look taken in and drawn. */
function lookAndFrame(snapshots: readonly TopSnapshot[], rounds: number): number {
  let state = initialTop();
  const times = Array.from({ length: rounds }, (_, round) => {
    const snapshot = snapshots[round % snapshots.length];
    const began = performance.now();
    if (snapshot !== undefined) state = reduceTop(state, { kind: 'snapshot', snapshot });
    topFrame(state, SIZE, { style: STYLE });
    return performance.now() - began;
  });
  return median(times.slice(rounds >> 2));
}

function frameReport(rounds: number): Report {
  const few = topSnapshots({ spaces: SPACES, flows: FEW_FLOWS });
  const many = topSnapshots({ spaces: SPACES, flows: MANY_FLOWS });
  const [fewTime, manyTime] = [few, many].map(([snapshot]) =>
    snapshot === undefined ? Number.NaN : keyAndFrame(start(snapshot), rounds),
  );
  const measures: Measure[] = [
    {
      what: `a frame with ${MANY_FLOWS} flows over one with ${FEW_FLOWS}`,
      value: (manyTime ?? Number.NaN) / (fewTime ?? Number.NaN),
      unit: 'x',
      goal: { atMost: 1.5 },
      detail: `${manyTime?.toFixed(2) ?? ''} ms over ${fewTime?.toFixed(2) ?? ''} ms, ${SPACES} port spaces`,
    },
    {
      what: `a key and its frame, ${SPACES} port spaces`,
      value: manyTime ?? Number.NaN,
      unit: 'ms',
      goal: { atMost: 5 },
    },
    {
      what: `a new look and its frame, ${SPACES} port spaces`,
      value: lookAndFrame(many, rounds),
      unit: 'ms',
      goal: { atMost: 20 },
    },
  ];
  return { title: 'Live view', measures };
}

interface DrawnFrames {
  readonly importMilliseconds: number;
  readonly cpuMilliseconds: number;
  readonly residentBytes: number;
}

/** Runs a program that draws on a terminal of its own, made by script(1). */
function drawn(program: string, frames: number): DrawnFrames | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-top-frame-'));
  try {
    const report = join(folder, 'report.json');
    const command = `stty rows 40 columns 110; NODE_ENV=production '${process.execPath}' '${program}' ${frames} '${report}'`;
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
  const ink = drawn(join(ROOT, 'bench/peers/ink-frames.mjs'), frames);
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
    notes: ink === undefined ? ['ink was not measured: npm install --no-save ink@6 react@19'] : [],
  };
}

export const topFrameBenchmark: Benchmark = {
  name: 'top-frame',
  async *run({ quick }) {
    yield frameReport(quick ? 40 : 400);
    yield drawnReport(quick ? 20 : 60);
  },
};
