// The main job as a story on a real kernel: a port space runs out, connects suffer, the diagnosis says why, a wider range cures
// it, new flows prove it. Every figure printed is measured in this run.
import type { Diagnosis } from '../../core/analysis/diagnosis.ts';
import { diagnose } from '../../core/analysis/diagnose.ts';
import type { KernelBehaviour } from '../../core/model/kernel-behaviour.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import { formatRange, type PortRange, rangeSize } from '../../core/model/port-range.ts';
import { probeKernel } from '../../kernel/probe/probe-kernel.ts';
import { observeNode } from '../../observe/observe-node.ts';
import { formatDiagnosisTable } from '../../present/diagnosis-table.ts';
import { formatInteger } from '../../present/number-text.ts';
import { FAILED, FINE } from '../exit-code.ts';
import type { DemoOptions } from '../measures.ts';
import { formatConnects } from './connect-figures.ts';
import { DemoNode, REMOTE_PORT } from './demo-node.ts';
import { formatSummary } from './demo-summary.ts';
import { checkNewFlows } from './new-flow-check.ts';

/** Calico's range on IBM Cloud since 1.25. */
const NARROW: PortRange = { first: 32_768, last: 65_535 };
/** The widest that IBM documents, and what the diagnosis advises on a node without VXLAN: natPortRange "1025:65535". */
const WIDE: PortRange = { first: 1025, last: 65_535 };
const STEPS = 8;

/** Tells the story. @returns the exit code: 0 when every step went as it says. Errors: PTL_LAB, PTL_NETLINK. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const story = new Story(options);
  const behaviour = probeKernel();
  story.step(`Build a node, 3 pods and a server outside; masquerade the pods through ${formatRange(NARROW)}`);
  const node = await DemoNode.build(NARROW);
  try {
    const asTold = await tell(story, { node, behaviour: await behaviour, signal: options.signal });
    return asTold ? FINE : FAILED;
  } finally {
    await node.close();
  }
}

interface Cast {
  readonly node: DemoNode;
  readonly behaviour: KernelBehaviour;
  readonly signal: AbortSignal;
}

async function tell(story: Story, cast: Cast): Promise<boolean> {
  const { node } = cast;
  story.result(`${node.pods} pods reach ${node.remote}: ${formatConnects(await node.connect())}`);

  story.step(`Hold nearly every port towards ${node.remote}, as long-lived connections do`);
  const filled = await node.holdPorts(NARROW);
  story.result(`${formatInteger(filled.created)} of ${formatInteger(rangeSize(NARROW))} ports held`);

  story.step('Connect again from a pod: real TCP, 60 at once, each waits 3 s');
  const suffering = await node.connect();
  story.result(formatConnects(suffering));

  story.step('Diagnose the node: portolan diagnose, with a pod connecting all the while');
  const before = await look(story, cast);
  story.screen(formatDiagnosisTable(before.diagnosis, { style: story.style, top: 3 }));

  story.step(`Widen the range to ${formatRange(WIDE)} in one transaction; connections that exist keep their ports`);
  const started = story.now();
  await node.setRange(WIDE);
  story.result(`rules replaced in ${(story.now() - started).toFixed(1)} ms`);

  story.step('The same connects again');
  const cured = await node.connect();
  story.result(formatConnects(cured));

  story.step('Verify on new flows that the new range is in force');
  const after = await look(story, cast);
  const isInForce = verify(story, { node, facts: after.facts });

  story.step('The old connections end, as connections do, and with them the old crowd of ports; look once more');
  await node.endOldConnections();
  const calm = await node.connect();
  const later = await look(story, cast);
  story.screen(
    formatSummary([
      { title: 'BEFORE', range: NARROW, connects: suffering, diagnosis: before.diagnosis },
      { title: 'WIDENED', range: WIDE, connects: cured, diagnosis: after.diagnosis },
      { title: 'OLD ONES ENDED', range: WIDE, connects: calm, diagnosis: later.diagnosis },
    ]),
  );
  const hurt = suffering.late + suffering.lost;
  return story.end(isInForce && hurt > cured.late && cured.lost === 0 && calm.late + calm.lost === 0);
}

async function look(
  story: Story,
  { node, behaviour, signal }: Cast,
): Promise<{ facts: NodeFacts; diagnosis: Diagnosis }> {
  const facts = await node.withTraffic(() =>
    observeNode({
      netns: node.netns,
      name: node.name,
      windowSeconds: 2,
      behaviour,
      signal,
      progress: (step) => story.progress(step),
    }),
  );
  return { facts, diagnosis: diagnose(facts) };
}

function verify(story: Story, { node, facts }: { node: DemoNode; facts: NodeFacts }): boolean {
  const remoteAddress = node.remoteAddress;
  const check = checkNewFlows(facts, { remoteAddress, remotePort: REMOTE_PORT, wanted: WIDE, before: NARROW });
  const ports = `ports ${check.lowestPort} to ${check.highestPort}`;
  const below = `${formatInteger(check.onlyInWanted)} flows hold a port that the old range did not have`;
  story.result(
    `${formatInteger(check.newFlows)} new flows, ${check.allInside ? 'all' : 'NOT all'} inside the range (${ports}); ${below}`,
  );
  return check.allInside && check.newFlows > 0 && check.onlyInWanted > 0;
}

/** Numbers the steps and says how far the story is. */
class Story {
  readonly #options: DemoOptions;
  readonly #started: number;
  #step = 0;

  constructor(options: DemoOptions) {
    this.#options = options;
    this.#started = options.now();
  }

  get style(): DemoOptions['style'] {
    return this.#options.style;
  }

  now(): number {
    return this.#options.now();
  }

  /** Says what comes next. Errors: the signal's reason once the person has had enough. */
  step(text: string): void {
    this.#options.signal.throwIfAborted();
    this.#step += 1;
    this.#print(this.style.palette.strong(`${this.#step}/${STEPS} ${text}`));
    this.progress(`step ${this.#step} of ${STEPS}`);
  }

  result(text: string): void {
    this.#print(`    ${text}`);
  }

  screen(text: string): void {
    this.#print(`\n${text.replaceAll(/^(?=.)/gm, '    ')}`);
  }

  progress(step: string): void {
    this.#options.progress(step, (this.#step - 1) / STEPS);
  }

  end(asTold: boolean): boolean {
    const seconds = ((this.now() - this.#started) / 1000).toFixed(1);
    const program = this.style.programName;
    this.#print(`Measured in ${seconds} s on real kernel namespaces with real connects; nothing is left behind.`);
    if (!asTold) this.#print('A step did not go as told: see above.');
    this.#print(`Next: sudo ${program} diagnose   (on a node; more faults to see: ${program} lab list)`);
    return asTold;
  }

  #print(text: string): void {
    this.#options.write(`${text}\n`);
  }
}
