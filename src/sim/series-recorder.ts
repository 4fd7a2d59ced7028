// Keeps how every node fared with every destination over time, in steps of a sample.
import { eraBehaviour } from '../core/alloc/kernel-era.ts';
import type { SearchBehaviour } from '../core/alloc/port-search.ts';
import type { Cluster } from './cluster.ts';
import type { PortLedger } from './port-ledger.ts';
import type { SimDestination, SimScenario } from './sim-scenario.ts';
import type { SpaceGroup } from './space-group.ts';
import { spacePressure } from './space-pressure.ts';

/** One value per sample each. */
export interface Samples {
  readonly usedPorts: number[];
  readonly livePorts: number[];
  readonly drops: number[];
  readonly opened: number[];
  readonly dropProbability: number[];
}

interface Track {
  readonly samples: Samples;
  openedBefore: number;
  dropsBefore: number;
  /** What the pressure was measured for. */
  state: string;
  pressure: number;
}

export class SeriesRecorder {
  /** End of each sample, virtual seconds. */
  readonly seconds: number[] = [];
  /** In the order of the cluster's groups. */
  readonly #tracks: Track[] = [];
  readonly #ports: PortLedger;
  readonly #cluster: Cluster;
  readonly #destinations: readonly SimDestination[];
  readonly #behaviour: SearchBehaviour;

  constructor(scenario: SimScenario, parts: { readonly ports: PortLedger; readonly cluster: Cluster }) {
    this.#ports = parts.ports;
    this.#cluster = parts.cluster;
    this.#destinations = scenario.destinations;
    this.#behaviour = eraBehaviour(scenario.nodes.kernel);
  }

  /** A sample ends. */
  sample(seconds: number): void {
    this.#cluster.groups.forEach((group, index) => {
      const track = this.#trackOf(index);
      const { samples } = track;
      samples.usedPorts.push(group.used);
      samples.livePorts.push(group.used - group.evictable);
      samples.opened.push(group.opened - track.openedBefore);
      samples.drops.push(group.drops - track.dropsBefore);
      samples.dropProbability.push(this.#pressureOf(group, track));
      track.openedBefore = group.opened;
      track.dropsBefore = group.drops;
    });
    this.seconds.push(seconds);
  }

  /** The line of a group; zeros until its first flow. */
  samplesOf(group: SpaceGroup): Samples {
    return this.#trackOf(this.#cluster.groups.indexOf(group)).samples;
  }

  #trackOf(index: number): Track {
    const known = this.#tracks[index];
    if (known !== undefined) return known;
    const zeros = (): number[] => this.seconds.map(() => 0);
    const samples = {
      usedPorts: zeros(),
      livePorts: zeros(),
      drops: zeros(),
      opened: zeros(),
      dropProbability: zeros(),
    };
    const track = { samples, openedBefore: 0, dropsBefore: 0, state: '', pressure: 0 };
    this.#tracks[index] = track;
    return track;
  }

  /** Mean over the addresses that have had flows: each pod has one of them. The same while nobody came, closed or went. */
  #pressureOf(group: SpaceGroup, track: Track): number {
    const state = `${group.opened} ${group.used} ${group.evictable} ${this.#ports.rangeChanges}`;
    if (track.state !== state) track.pressure = this.#measure(group);
    track.state = state;
    return track.pressure;
  }

  #measure({ spaces, destination }: SpaceGroup): number {
    const protocol = this.#destinations[destination]?.protocol ?? 0;
    const rule = { ranges: this.#ports.ranges, protocol, behaviour: this.#behaviour };
    return spaces.reduce((sum, space) => sum + spacePressure(space, rule), 0) / Math.max(1, spaces.length);
  }
}
