// Visits a world of the demo through its interface alone, in the order of the story, and keeps what it answered.
import type { ConnectFigures } from '../../src/cli/demo/connect-figures.ts';
import { hottestSpace } from '../../src/cli/demo/demo-summary.ts';
import type { DemoWorld } from '../../src/cli/demo/demo-world.ts';
import { LabWorld } from '../../src/cli/demo/lab-world.ts';
import { diagnose } from '../../src/core/analysis/diagnose.ts';
import { DEFAULT_STYLE } from '../../src/present/style.ts';
import type { NodeFacts } from '../../src/core/model/node-facts.ts';

export const NARROW = { first: 32_768, last: 65_535 };
export const WIDE = { first: 1025, last: 65_535 };

/** One look at the node. */
export interface Look {
  readonly verdict: string;
  readonly usedPorts: number;
  readonly capacityPorts: number;
  readonly dropProbability: number;
  readonly lost: number;
  readonly newFlows: number;
  readonly lowestPort: number;
}

export interface Visit {
  readonly pods: number;
  readonly label: string;
  readonly headings: readonly string[];
  readonly said: readonly string[];
  readonly connects: Readonly<Record<'fresh' | 'full' | 'widened' | 'ended', ConnectFigures>>;
  readonly looks: Readonly<Record<'full' | 'widened' | 'ended', Look>>;
}

/** The visit of a world on the real kernel; call it inside namespaces of its own. */
export async function visitLab(): Promise<Visit> {
  return visit(await LabWorld.build(NARROW, () => performance.now()));
}

/** Goes through all of the interface and closes the world. */
export async function visit(world: DemoWorld): Promise<Visit> {
  try {
    const { build, hold, connectAgain, widen } = world.headings;
    const fresh = await world.connect();
    const held = await world.holdPorts();
    const full = { connects: await world.connect(), look: await lookAt(world) };
    const changed = await world.setRange(WIDE);
    const widened = { connects: await world.connect(), look: await lookAt(world) };
    await world.endOldConnections();
    const ended = { connects: await world.connect(), look: await lookAt(world) };
    return {
      pods: world.pods,
      label: world.label,
      headings: [build, hold, connectAgain, widen(WIDE)],
      said: [held, changed, ...world.ending(1.23, DEFAULT_STYLE)],
      connects: { fresh, full: full.connects, widened: widened.connects, ended: ended.connects },
      looks: { full: full.look, widened: widened.look, ended: ended.look },
    };
  } finally {
    await world.close();
  }
}

async function lookAt(world: DemoWorld): Promise<Look> {
  const facts = await world.look({ signal: new AbortController().signal, progress: () => undefined });
  const diagnosis = diagnose(facts);
  const space = hottestSpace(diagnosis);
  return {
    verdict: space?.findings[0]?.check ?? diagnosis.severity,
    usedPorts: space?.usedPorts ?? 0,
    capacityPorts: space?.capacityPorts ?? 0,
    dropProbability: space?.dropProbability ?? 0,
    lost: diagnosis.losses?.snat ?? -1,
    ...arrivalsOf(facts, world),
  };
}

function arrivalsOf({ arrivals }: NodeFacts, { remoteAddress }: DemoWorld): Pick<Look, 'newFlows' | 'lowestPort'> {
  const space = arrivals?.portSpaces.find((candidate) => candidate.remoteAddress === remoteAddress);
  return { newFlows: space?.count ?? 0, lowestPort: space?.lowestPort ?? 0 };
}
