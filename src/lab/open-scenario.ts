// Opens a scenario by its name: builds its lab, brings it into its state, and hands out what a diagnosis needs.
import { PortolanError } from '../core/errors/portolan-error.ts';
import { Lab } from './lab.ts';
import type { NatFlavour } from './nat-flavour.ts';
import type { Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios/registry.ts';
import { Stage } from './stage.ts';

export interface OpenOptions {
  /** Chooses which ports are held and which flows come first. */
  readonly seed: number;
  /** Form of the node's NAT rules; default nf_tables. The iptables forms need that program. */
  readonly flavour?: NatFlavour;
}

/** A scenario on its stage: `start`, look at the node, `stop`, `close`. */
export class RunningScenario {
  readonly scenario: Scenario;
  readonly stage: Stage;

  constructor(scenario: Scenario, stage: Stage) {
    this.scenario = scenario;
    this.stage = stage;
  }

  get nodeName(): string {
    return this.stage.node.name;
  }

  /** Open descriptor of the node's namespace, for observeNode. */
  get netns(): number {
    return this.stage.node.host.netns;
  }

  /** Starts the traffic that goes on while the node is observed. */
  start(): void {
    this.scenario.drive?.(this.stage);
  }

  /** Ends that traffic. @returns what each of its tasks reported. */
  stop(): Promise<readonly unknown[]> {
    return this.stage.stop();
  }

  /** Ends the lab; everything in it is gone. */
  close(): Promise<void> {
    return this.stage.lab.close();
  }
}

/** The scenario of this name. Errors: PTL_UNKNOWN_SCENARIO. */
export function findScenario(name: string): Scenario {
  const scenario = SCENARIOS.find((candidate) => candidate.name === name);
  if (scenario !== undefined) return scenario;
  const names = SCENARIOS.map((candidate) => candidate.name).join(', ');
  throw new PortolanError('PTL_UNKNOWN_SCENARIO', `Cannot find scenario: ${name}, wanted one of ${names}`);
}

/** Builds and sets up; the caller closes. Errors: PTL_UNKNOWN_SCENARIO, PTL_LAB. */
export async function openScenario(name: string, { seed, flavour }: OpenOptions): Promise<RunningScenario> {
  const scenario = findScenario(name);
  const lab = await Lab.build({ ...scenario.lab, ...(flavour === undefined ? {} : { flavour }) });
  const running = new RunningScenario(scenario, new Stage(lab, seed));
  try {
    await scenario.setup(running.stage);
    return running;
  } catch (error) {
    await running.close();
    throw error;
  }
}
