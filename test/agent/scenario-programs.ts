// The agent attached to the lab's node from the beginning, beside a fresh observation of the same moment.
import { setTimeout as sleep } from 'node:timers/promises';
import { WatchedNode } from '../../src/agent/watched-node.ts';
import { expectationsOn, judgeDiagnosis } from '../../src/cli/lab/judge-diagnosis.ts';
import { diagnose } from '../../src/core/analysis/diagnose.ts';
import type { Diagnosis } from '../../src/core/analysis/diagnosis.ts';
import type { NodeFacts } from '../../src/core/model/node-facts.ts';
import { probeKernel } from '../../src/kernel/probe/probe-kernel.ts';
import { Lab } from '../../src/lab/lab.ts';
import { findScenario, RunningScenario } from '../../src/lab/open-scenario.ts';
import { Stage } from '../../src/lab/stage.ts';
import { protocolName } from '../../src/core/model/protocol.ts';
import { observeNode } from '../../src/observe/observe-node.ts';
import type { AgentReport } from '../../src/protocol/agent-report.ts';
import { exposition } from '../../src/protocol/metrics/exposition.ts';
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
  // A look ends the window in which the stage was set.
  await agent.facts(0);
  const first = await agent.reportNow();
  running.start();
  const observe = (windowSeconds: number): Promise<NodeFacts> => observeNode({ netns, name, behaviour, windowSeconds });
  const [mine, theirs] = await Promise.all([agent.facts(WINDOW_SECONDS), observe(WINDOW_SECONDS)]);
  const during = await agent.reportNow();
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
    // A kernel that is played gets its verdicts only, not its figures.
    isPlayed: scenario.record !== undefined,
    severity: diagnose(theirs).severity,
    findings: findingsOf(diagnose(theirs)),
    first: metricsOf(first),
    during: metricsOf(during),
    seconds: (during.atMilliseconds - first.atMilliseconds) / 1000,
    isCurrent: report.isCurrent,
  };
}

/**
 * With no traffic left: what both observations, one before and one after, saw, the agent must have; what neither saw, it must not.
 */
async function compareStill(agent: WatchedNode, observe: (seconds: number) => Promise<NodeFacts>) {
  await sleep(300);
  const linesOf = ({ flows }: NodeFacts): readonly string[] =>
    textOfTable(flows).map(({ line, id }) => `${id} ${line}`);
  const [factsBefore, facts] = [await observe(0), await agent.facts(0)];
  const metrics = metricsOf(await agent.reportNow());
  const factsAfter = await observe(0);
  const mine = linesOf(facts);
  const [before, after] = [new Set(linesOf(factsBefore)), new Set(linesOf(factsAfter))];
  const mineSet = new Set(mine);
  return {
    flows: mine.length,
    missing: [...before].filter((line) => after.has(line) && !mineSet.has(line)),
    extra: mine.filter((line) => !before.has(line) && !after.has(line)),
    metrics,
    diagnoses: [factsBefore, factsAfter].map((each) => figuresOf(diagnose(each))),
  };
}

function metricsOf(report: AgentReport): string {
  return exposition({ report, version: '0', process: { cpuSeconds: 1, startSeconds: 1 } }, 'prometheus');
}

function findingsOf({ findings, portSpaces }: Diagnosis) {
  const all = [...findings, ...portSpaces.flatMap((space) => space.findings)];
  return all.map(({ check, severity }) => ({ check, severity }));
}

/** What metrics say too, by the labels that they say it with. */
function figuresOf({ portSpaces, claims, ranges }: Diagnosis) {
  return {
    spaces: portSpaces.map(({ portSpace, usedPorts, capacityPorts, dropProbability }) => ({
      labels: {
        protocol: protocolName(portSpace.protocol),
        snat_address: portSpace.snatAddress,
        remote:
          portSpace.remotePort === 0 ? portSpace.remoteAddress : `${portSpace.remoteAddress}:${portSpace.remotePort}`,
        zone: String(portSpace.zone),
      },
      usedPorts,
      capacityPorts,
      dropProbability,
    })),
    claims: claims.map(({ claim, hurts }) => `${claim.kind} ${hurts}`).toSorted(byText),
    ranges: ranges
      .map(({ protocol, effective: { range } }) => `${protocol} ${range.first}-${range.last}`)
      .toSorted(byText),
  };
}

function byText(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
