// The sources of the command: this node, or the node of a lab scenario that is built for it.
import type { PortRange } from '../../core/model/port-range.ts';
import type { CommandInput } from '../command-spec.ts';
import { lookUpScenario } from '../lab/scenario-name.ts';
import type { WatchedNode } from '../measures.ts';
import { withProgress } from '../progress-line.ts';
import { RepeatedLooks } from './repeated-looks.ts';
import { runTop } from './run-top.ts';

/** The first look of a live view is short, that of a single frame is whole. */
const FIRST_WINDOW_SECONDS = 0.5;

export interface TopRequest {
  readonly intervalSeconds: number;
  readonly isOnce: boolean;
}

/** Shows the node this runs on. */
export async function runNodeTop(
  input: CommandInput,
  { netns, ...request }: TopRequest & { readonly netns: string | undefined },
): Promise<number> {
  const { measures, cpuMilliseconds } = input.surroundings;
  const watched = await measures.watchNode(netns);
  return show(input, { ...request, watched, name: netns ?? 'this node', cpuMilliseconds });
}

export interface ScenarioTopRequest extends TopRequest {
  readonly scenario: string;
  readonly range: PortRange | undefined;
}

/** Builds a scenario, shows its node while the traffic goes on, takes it down. Errors: PTL_UNKNOWN_SCENARIO, PTL_LAB. */
export async function runScenarioTop(
  input: CommandInput,
  { scenario, range, ...request }: ScenarioTopRequest,
): Promise<number> {
  const { measures, signal, isolate } = input.surroundings;
  await lookUpScenario(scenario, { measures, programName: input.style.programName });
  await isolate();
  const watched = await withProgress(input, (progress) =>
    measures.watchScenario(scenario, { signal, progress, ...(range === undefined ? {} : { range }) }),
  );
  const next = `portolan lab shell ${scenario}`;
  return show(input, { ...request, watched, name: `scenario ${scenario}`, next });
}

interface Shown extends TopRequest {
  readonly watched: WatchedNode;
  readonly name: string;
  readonly cpuMilliseconds?: () => number;
  readonly next?: string;
}

/** Shows a node to the end, then lets go of it. */
async function show(input: CommandInput, { watched, isOnce, next, ...shown }: Shown): Promise<number> {
  const { measures, now, sleep } = input.surroundings;
  const { intervalSeconds } = shown;
  const source = new RepeatedLooks({
    ...shown,
    firstWindowSeconds: isOnce ? intervalSeconds : Math.min(FIRST_WINDOW_SECONDS, intervalSeconds),
    look: (windowSeconds) => watched.look(windowSeconds),
    diagnose: (facts) => measures.diagnose(facts),
    now,
    sleep,
  });
  try {
    return await runTop(source, input, { isOnce, ...(next === undefined ? {} : { next }) });
  } finally {
    await watched.close();
  }
}
