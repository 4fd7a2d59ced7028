// Looks at a running scenario the way diagnose looks at a node: same readers, same window, nothing told about the fault.
import type { KernelBehaviour } from '../../core/model/kernel-behaviour.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import type { RunningScenario } from '../../lab/open-scenario.ts';
import { observeNode } from '../../observe/observe-node.ts';
import type { Watched } from '../watched.ts';

/** The default window of `portolan diagnose`. */
const WINDOW_SECONDS = 2;

/** Observes the node while the scenario's traffic runs. */
export async function observeScenario(
  running: RunningScenario,
  options: Watched & { readonly behaviour: KernelBehaviour },
): Promise<NodeFacts> {
  running.start();
  const facts = await observeNode({
    netns: running.netns,
    name: running.nodeName,
    windowSeconds: WINDOW_SECONDS,
    behaviour: options.behaviour,
    signal: options.signal,
    progress: options.progress,
  });
  await running.stop();
  return running.scenario.record?.(facts) ?? facts;
}
