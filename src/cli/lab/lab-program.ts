// What the lab offers the commands: its scenarios by name, one run, one shell.
import type { Scenario } from '../../lab/scenario.ts';
import type { KernelBehaviour } from '../../core/model/kernel-behaviour.ts';
import { setRange } from '../../lab/lab.ts';
import { openScenario, type RunningScenario } from '../../lab/open-scenario.ts';
import { SCENARIOS } from '../../lab/scenarios/registry.ts';
import { probeKernel } from '../../kernel/probe/probe-kernel.ts';
import type { ScenarioRow } from '../../present/scenario-table.ts';
import { NodeWatch } from '../../observe/node-watch.ts';
import type { ScenarioOptions, ScenarioRun, ShellScenarioOptions, WatchedNode } from '../measures.ts';
import { observeScenario } from './observe-scenario.ts';
import { expectationsOn } from './judge-diagnosis.ts';

/** A person who looks twice should see the same thing twice. */
const SEED = 1;

export function listScenarios(): Promise<readonly ScenarioRow[]> {
  return Promise.resolve(SCENARIOS.map(rowOf));
}

/** Builds, drives and observes one scenario. Errors: PTL_UNKNOWN_SCENARIO, PTL_LAB. */
export async function runScenario(name: string, options: ScenarioOptions): Promise<ScenarioRun> {
  const behaviour = await probeKernel();
  const running = await openWithRange(name, options);
  try {
    const facts = await observeScenario(running, { ...options, behaviour });
    return { facts, expected: checksExpected(running.scenario, behaviour) };
  } finally {
    await running.close();
  }
}

/** Builds a scenario and keeps its traffic going while its node is looked at again and again. */
export async function watchScenario(name: string, options: ScenarioOptions): Promise<WatchedNode> {
  const running = await openWithRange(name, options);
  const watch = new NodeWatch({ netns: running.netns, name: running.nodeName });
  running.start();
  return {
    look: async (windowSeconds) => {
      const facts = await watch.look(windowSeconds);
      return running.scenario.record?.(facts) ?? facts;
    },
    close: async () => {
      await watch.close();
      await running.close();
    },
  };
}

/** Builds a scenario, keeps its traffic going, and opens a shell on its node. @returns the shell's exit code. */
export async function openScenarioShell(name: string, options: ShellScenarioOptions): Promise<number> {
  const running = await openWithRange(name, options);
  try {
    running.start();
    options.onReady();
    return await running.stage.node.host.run('shell', {
      title: `lab ${name}`,
      program: options.shell,
      portolan: options.portolan,
      variables: options.variables,
    });
  } finally {
    await running.close();
  }
}

async function openWithRange(name: string, options: ScenarioOptions): Promise<RunningScenario> {
  options.progress(`building ${name}`, 0);
  const running = await openScenario(name, { seed: SEED });
  const { range } = options;
  if (range !== undefined) await setRange(running.stage.node, { ...running.scenario.lab.nat, range });
  return running;
}

function checksExpected(scenario: Scenario, behaviour: KernelBehaviour): readonly string[] {
  return expectationsOn(scenario, behaviour).map((expectation) => expectation.check);
}

function rowOf({ name, story, expect }: Scenario): ScenarioRow {
  return { name, story, expected: [...new Set(expect.map((expectation) => expectation.check))] };
}
