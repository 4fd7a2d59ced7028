// The agent attached to the lab's node from the beginning, beside a fresh observation of the same moment.
import { setTimeout as sleep } from 'node:timers/promises';
import { WatchedNode } from '../../src/agent/watched-node.ts';
import { expectationsOn, judgeDiagnosis } from '../../src/cli/lab/judge-diagnosis.ts';
import { diagnose } from '../../src/core/analysis/diagnose.ts';
import type { NodeFacts } from '../../src/core/model/node-facts.ts';
import { probeKernel } from '../../src/kernel/probe/probe-kernel.ts';
import { Lab } from '../../src/lab/lab.ts';
import { findScenario, RunningScenario } from '../../src/lab/open-scenario.ts';
import { Stage } from '../../src/lab/stage.ts';
import { observeNode } from '../../src/observe/observe-node.ts';
import { textOfTable } from '../conntrack/flow-text.ts';

const WINDOW_SECONDS = 2;

/** Stages the scenario of this name (PTL_SCENARIO) and compares. */
export async function compareScenario(): Promise<unknown> {
  const scenario = findScenario(process.env['PTL_SCENARIO'] ?? '');
  const behaviour = await probeKernel();
  const lab = await Lab.build(scenario.lab);
  const running = new RunningScenario(scenario, new Stage(lab, 1));
  const { netns, nodeName: name } = running;
  const agent = new WatchedNode({ netns, name, behaviour, mostCpuShare: 10 });
  await agent.reportNow();
  await scenario.setup(running.stage);
  running.start();
  const observe = (windowSeconds: number): Promise<NodeFacts> => observeNode({ netns, name, behaviour, windowSeconds });
  const [mine, theirs] = await Promise.all([agent.facts(WINDOW_SECONDS), observe(WINDOW_SECONDS)]);
  await running.stop();
  const expected = expectationsOn(scenario, behaviour);
  const judge = (facts: NodeFacts) => judgeDiagnosis(diagnose(scenario.record?.(facts) ?? facts), expected);
  const still = await compareStill(agent, observe);
  const report = await agent.reportNow();
  await agent.stop();
  await running.close();
  const setting = ({ natRules, claims, addresses, settings, gaps, flowsSource }: NodeFacts) => ({
    // How often each rule matched goes on counting.
    natRules: { ...natRules, sourceNat: natRules.sourceNat.map((rule) => ({ ...rule, packets: 0, bytes: 0 })) },
    claims,
    addresses,
    settings,
    // Either listener may lose events while the machine is busy, and then says so; the flows are compared one by one.
    gaps: gaps.filter(({ why }) => !why.startsWith('ENOBUFS')),
    flowsSource,
  });
  return {
    mine: { ...judge(mine), setting: setting(mine) },
    theirs: { ...judge(theirs), setting: setting(theirs) },
    still,
    isCurrent: report.isCurrent,
    overruns: report.events.overruns,
    resyncs: report.resync?.count ?? 0,
  };
}

/**
 * With no traffic left: what both observations, one before and one after, saw, the agent must have; what neither saw, it must not.
 */
async function compareStill(agent: WatchedNode, observe: (seconds: number) => Promise<NodeFacts>) {
  await sleep(300);
  const linesOf = ({ flows }: NodeFacts): readonly string[] =>
    textOfTable(flows).map(({ line, id }) => `${id} ${line}`);
  const before = new Set(linesOf(await observe(0)));
  const mine = linesOf(await agent.facts(0));
  const after = new Set(linesOf(await observe(0)));
  const mineSet = new Set(mine);
  return {
    flows: mine.length,
    missing: [...before].filter((line) => after.has(line) && !mineSet.has(line)),
    extra: mine.filter((line) => !before.has(line) && !after.has(line)),
  };
}
