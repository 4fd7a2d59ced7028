// Keeps how every node fared with every destination: peaks as they happen, a line over time in steps of a sample.
import { eraBehaviour } from '../core/alloc/kernel-era.ts';
import type { Cluster } from './cluster.ts';
import type { FlowEngine } from './flow-engine.ts';
import type { SimScenario, SimDestination } from './sim-scenario.ts';
import type { SimSpace } from './sim-space.ts';
import { spacePressure } from './space-pressure.ts';

/** One node and one destination, over all its SNAT addresses. */
export class SeriesTrack {
  readonly node: number;
  readonly destination: number;
  readonly spaces: SimSpace[] = [];
  peakPorts = 0;
  /** Ports there were at the peak. */
  capacityAtPeak = 1;
  peakTick = 0;
  /** So far. */
  opened = 0;
  drops = 0;
  openedBefore = 0;
  dropsBefore = 0;
  readonly samples: {
    readonly usedPorts: number[];
    readonly livePorts: number[];
    readonly drops: number[];
    readonly opened: number[];
    readonly dropProbability: number[];
  };

  constructor({ node, destination }: SimSpace['place'], samplesBefore: number) {
    this.node = node;
    this.destination = destination;
    const nothing = (): number[] => Array.from({ length: samplesBefore }, () => 0);
    this.samples = {
      usedPorts: nothing(),
      livePorts: nothing(),
      drops: nothing(),
      opened: nothing(),
      dropProbability: nothing(),
    };
  }

  get usedPorts(): number {
    let used = 0;
    for (const space of this.spaces) used += space.used;
    return used;
  }

  get livePorts(): number {
    return this.spaces.reduce((live, space) => live + space.used - space.evictableUsed, 0);
  }
}

export class SeriesRecorder {
  readonly tracks: SeriesTrack[] = [];
  /** End of each sample, virtual seconds. */
  readonly seconds: number[] = [];
  readonly #byRow: SeriesTrack[] = [];
  readonly #engine: FlowEngine;
  readonly #cluster: Cluster;
  readonly #destinations: readonly SimDestination[];
  readonly #behaviour: ReturnType<typeof eraBehaviour>;

  constructor({ nodes, destinations }: SimScenario, parts: { readonly engine: FlowEngine; readonly cluster: Cluster }) {
    this.#engine = parts.engine;
    this.#cluster = parts.cluster;
    this.#destinations = destinations;
    this.#behaviour = eraBehaviour(nodes.kernel);
    parts.engine.onOpened = (space) => this.#opened(space, parts.engine.tick);
    parts.engine.onDropped = (space) => (this.#trackOf(space).drops += 1);
  }

  /** A sample ends. */
  sample(seconds: number): void {
    this.seconds.push(seconds);
    for (const track of this.tracks) {
      const { samples } = track;
      samples.usedPorts.push(track.usedPorts);
      samples.livePorts.push(track.livePorts);
      samples.opened.push(track.opened - track.openedBefore);
      samples.drops.push(track.drops - track.dropsBefore);
      samples.dropProbability.push(this.#pressureOf(track));
      track.openedBefore = track.opened;
      track.dropsBefore = track.drops;
    }
  }

  #opened(space: SimSpace, tick: number): void {
    const track = this.#byRow[space.place.row] ?? this.#trackOf(space);
    track.opened += 1;
    const used = track.spaces.length === 1 ? space.used : track.usedPorts;
    if (used <= track.peakPorts) return;
    track.peakPorts = used;
    track.peakTick = tick;
    track.capacityAtPeak = this.#engine.allocator.size * this.#cluster.addressesPerNode;
  }

  #trackOf(space: SimSpace): SeriesTrack {
    const known = this.#byRow[space.place.row];
    if (known !== undefined) return known;
    const { node, destination } = space.place;
    let track = this.tracks.find((each) => each.node === node && each.destination === destination);
    if (track === undefined) {
      track = new SeriesTrack(space.place, this.seconds.length);
      this.tracks.push(track);
    }
    track.spaces.push(space);
    this.#byRow[space.place.row] = track;
    return track;
  }

  /** Mean over the addresses that have flows: each pod has one of them. */
  #pressureOf({ spaces, destination }: SeriesTrack): number {
    const rule = {
      ranges: this.#engine.allocator.ranges,
      protocol: this.#destinations[destination]?.protocol ?? 0,
      behaviour: this.#behaviour,
    };
    return spaces.reduce((sum, space) => sum + spacePressure(space, rule), 0) / Math.max(1, spaces.length);
  }
}
