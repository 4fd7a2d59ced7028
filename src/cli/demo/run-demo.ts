// The main job as a story: a port space runs out, connects suffer, the diagnosis says why, a wider range cures it, new flows
// prove it. Every figure printed is measured in this run, or computed in it where the node is simulated.
import type { Diagnosis } from '../../core/analysis/diagnosis.ts';
import { diagnose } from '../../core/analysis/diagnose.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import type { PortRange } from '../../core/model/port-range.ts';
import { formatDiagnosisTable } from '../../present/diagnosis-table.ts';
import { formatInteger } from '../../present/number-text.ts';
import { FAILED, FINE } from '../exit-code.ts';
import type { DemoOptions } from '../measures.ts';
import { formatConnects } from './connect-figures.ts';
import { formatSummary } from './demo-summary.ts';
import { type DemoWorld, REMOTE_PORT } from './demo-world.ts';
import { checkNewFlows } from './new-flow-check.ts';
import { openWorld } from './open-world.ts';
import { Story } from './story.ts';

/** Calico's range on IBM Cloud since 1.25. */
const NARROW: PortRange = { first: 32_768, last: 65_535 };
/** The widest that IBM documents, and what the diagnosis advises on a node without VXLAN: natPortRange "1025:65535". */
const WIDE: PortRange = { first: 1025, last: 65_535 };
const STEPS = 8;

/** Opens a world and tells the story in it. @returns the exit code: 0 when every step went as it says. Errors: as openWorld. */
export async function runDemo(options: DemoOptions): Promise<number> {
  const { now, progress, style, write } = options;
  const started = now();
  progress('building the node', 0);
  const world = await openWorld(options, NARROW);
  try {
    const asTold = await tellStory(world, options);
    if (!asTold) write('A step did not go as told: see above.\n');
    for (const line of world.ending((now() - started) / 1000, style)) write(`${line}\n`);
    return asTold ? FINE : FAILED;
  } finally {
    await world.close();
  }
}

/** Tells the story in any world. @returns whether every step went as told. */
async function tellStory(world: DemoWorld, options: StoryTelling): Promise<boolean> {
  const { style, signal, pause } = options;
  const story = new Story({ ...options, steps: STEPS, label: world.label });
  // The simulation computes without a break: between steps Ctrl-C gets its turn.
  const step = async (text: string): Promise<void> => {
    story.step(text);
    await pause();
  };
  const look = async (): Promise<Seen> => {
    const facts = await world.look({ signal, progress: (step) => story.progress(step) });
    return { facts, diagnosis: diagnose(facts) };
  };
  const remote = `${world.remoteAddress}:${REMOTE_PORT}`;

  await step(world.headings.build);
  story.result(`${world.pods} pods reach ${remote}: ${formatConnects(await world.connect())}`);

  await step(world.headings.hold);
  story.result(await world.holdPorts());

  await step(world.headings.connectAgain);
  const suffering = await world.connect();
  story.result(formatConnects(suffering));

  await step('Diagnose the node: portolan diagnose, with a pod connecting all the while');
  const before = await look();
  story.screen('what portolan diagnose says of this node:', formatDiagnosisTable(before.diagnosis, { style, top: 3 }));

  await step(world.headings.widen(WIDE));
  story.result(await world.setRange(WIDE));

  await step('The same connects again');
  const cured = await world.connect();
  story.result(formatConnects(cured));

  await step('Verify on new flows that the new range is in force');
  const after = await look();
  const isInForce = verify(story, { world, facts: after.facts });

  await step('The old connections end, as connections do, and with them the old crowd of ports; look once more');
  await world.endOldConnections();
  const calm = await world.connect();
  const later = await look();
  story.screen(
    'the same node three times:',
    formatSummary([
      { title: 'BEFORE', range: NARROW, connects: suffering, diagnosis: before.diagnosis },
      { title: 'WIDENED', range: WIDE, connects: cured, diagnosis: after.diagnosis },
      { title: 'OLD ONES ENDED', range: WIDE, connects: calm, diagnosis: later.diagnosis },
    ]),
  );
  const hurt = suffering.late + suffering.lost;
  return isInForce && hurt > cured.late && cured.lost === 0 && calm.late + calm.lost === 0;
}

/** What the telling needs: where to print and when to stop. */
type StoryTelling = Pick<DemoOptions, 'style' | 'write' | 'progress' | 'signal' | 'pause'>;

interface Seen {
  readonly facts: NodeFacts;
  readonly diagnosis: Diagnosis;
}

function verify(story: Story, { world, facts }: { world: DemoWorld; facts: NodeFacts }): boolean {
  const { remoteAddress } = world;
  const check = checkNewFlows(facts, { remoteAddress, remotePort: REMOTE_PORT, wanted: WIDE, before: NARROW });
  const ports = `ports ${check.lowestPort} to ${check.highestPort}`;
  const below = `${formatInteger(check.onlyInWanted)} flows hold a port that the old range did not have`;
  story.result(
    `${formatInteger(check.newFlows)} new flows, ${check.allInside ? 'all' : 'NOT all'} inside the range (${ports}); ${below}`,
  );
  return check.allInside && check.newFlows > 0 && check.onlyInWanted > 0;
}
