// The sources of the command: this node, or the node of a lab scenario that is built for it.
import type { PortRange } from '../../core/model/port-range.ts';
import type { CommandInput } from '../command-spec.ts';
import { lookUpScenario } from '../lab/scenario-name.ts';
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
  { intervalSeconds, isOnce, netns }: TopRequest & { readonly netns: string | undefined },
): Promise<number> {
  const { measures, now, sleep, cpuMilliseconds } = input.surroundings;
  const where = netns === undefined ? {} : { netns };
  const source = new RepeatedLooks({
    name: netns ?? 'this node',
    intervalSeconds,
    firstWindowSeconds: isOnce ? intervalSeconds : Math.min(FIRST_WINDOW_SECONDS, intervalSeconds),
    look: (request) => measures.observeNode({ ...request, ...where, progress: () => undefined }),
    diagnose: (facts) => measures.diagnose(facts),
    now,
    sleep,
    cpuMilliseconds,
  });
  return runTop(source, input, { isOnce });
}

export interface ScenarioTopRequest extends TopRequest {
  readonly scenario: string;
  readonly range: PortRange | undefined;
}

/** Builds a scenario, shows its node while the traffic goes on, takes it down. Errors: PTL_UNKNOWN_SCENARIO, PTL_LAB. */
export async function runScenarioTop(input: CommandInput, request: ScenarioTopRequest): Promise<number> {
  const { scenario, range, intervalSeconds, isOnce } = request;
  const { measures, now, sleep, signal, isolate } = input.surroundings;
  await lookUpScenario(scenario, { measures, programName: input.style.programName });
  await isolate();
  const watched = await withProgress(input, (progress) =>
    measures.watchScenario(scenario, { signal, progress, ...(range === undefined ? {} : { range }) }),
  );
  try {
    const source = new RepeatedLooks({
      name: `scenario ${scenario}`,
      intervalSeconds,
      firstWindowSeconds: isOnce ? intervalSeconds : Math.min(FIRST_WINDOW_SECONDS, intervalSeconds),
      look: (looked) => watched.look(looked),
      diagnose: (facts) => measures.diagnose(facts),
      now,
      sleep,
    });
    return await runTop(source, input, { isOnce, next: `portolan lab shell ${scenario}` });
  } finally {
    await watched.close();
  }
}
