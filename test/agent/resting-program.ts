// A watch whose rest between two drains never ends by itself: only a question, or the end, ends it.
import { NodeWatch } from '../../src/agent/node-watch.ts';
import { unknownBehaviour } from '../../src/core/model/kernel-behaviour.ts';
import { createNetns, enterNetns } from '../../src/kernel/netns/network-namespace.ts';

/** By then it rests again. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export async function askAndStop(): Promise<unknown> {
  enterNetns(createNetns());
  let rests = 0;
  const world = {
    now: () => performance.now(),
    clock: () => Date.now(),
    cpuSeconds: () => 0,
    report: () => undefined,
    sleep: () => {
      rests += 1;
      return new Promise<void>(() => undefined);
    },
  };
  const watch = new NodeWatch({ behaviour: unknownBehaviour('6.18'), mostCpuShare: 1 }, world);
  const stopping = new AbortController();
  const running = watch.run(stopping.signal);
  await watch.who(40_000, Date.now());
  await turn();
  const { isCurrent } = await watch.reportNow();
  await turn();
  stopping.abort();
  await running;
  watch.close();
  return { rests, isCurrent };
}
