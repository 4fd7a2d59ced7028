// One destination's load over the nodes of a cluster: who carries how much of it, kept small while the nodes are read.
import type { Diagnosis, PortSpaceVerdict } from '../analysis/diagnosis.ts';
import { shareOf } from '../analysis/verdict.ts';
import { holderKey } from '../model/holder.ts';
import type { PortSpace } from '../model/port-space.ts';
import type { Workload } from '../model/workload.ts';

export type Destination = Pick<PortSpace, 'protocol' | 'remoteAddress' | 'remotePort'>;

/** What one node has towards one destination. */
export interface SpaceLoad extends Destination {
  readonly usedPorts: number;
  /** The largest holders that are workloads. */
  readonly workloads: readonly { readonly workload: Workload; readonly pods: number; readonly ports: number }[];
  /** Pods that hold ports; undefined where pods are not known. */
  readonly pods?: number;
}

export interface NodeLoad {
  readonly node: string;
  readonly spaces: readonly SpaceLoad[];
}

export interface ClusterLoad {
  /** Nodes that carry it, most first. */
  readonly carriers: readonly string[];
  /** Of the fullest node, 0..1 of all. */
  readonly hottestShare: number;
  readonly pods?: number;
  /** The workload that holds most ports of it, where it holds at least half. */
  readonly workload?: Workload;
}

/** A load below this share of a range is no part of a plan; the worst few are kept in any case. */
const LEAST_SHARE = 0.01;
const ALWAYS = 8;
const MOST_WORKLOADS = 4;

export function nodeLoad({ node, portSpaces }: Diagnosis): NodeLoad {
  const kept = portSpaces.filter((space, index) => index < ALWAYS || shareOf(space) >= LEAST_SHARE);
  return { node, spaces: kept.map(spaceLoad) };
}

function spaceLoad({ portSpace, usedPorts, holders }: PortSpaceVerdict): SpaceLoad {
  const { protocol, remoteAddress, remotePort } = portSpace;
  const workloads = (holders ?? []).flatMap(({ holder, pods, ports }) =>
    holder.kind === 'workload' ? [{ workload: holder.workload, pods, ports }] : [],
  );
  const pods = workloads.reduce((sum, each) => sum + each.pods, 0);
  return {
    protocol,
    remoteAddress,
    remotePort,
    usedPorts,
    workloads: workloads.slice(0, MOST_WORKLOADS),
    ...(holders === undefined || pods === 0 ? {} : { pods }),
  };
}

/** Adds up what the nodes have towards one destination. */
export function clusterLoad(loads: readonly NodeLoad[], to: Destination): ClusterLoad {
  const carried = loads
    .flatMap(({ node, spaces }) => spaces.filter((space) => isSame(space, to)).map((space) => ({ node, space })))
    .filter(({ space }) => space.usedPorts > 0)
    .toSorted((left, right) => right.space.usedPorts - left.space.usedPorts);
  const ports = carried.reduce((sum, { space }) => sum + space.usedPorts, 0);
  const areKnown = carried.length > 0 && carried.every(({ space }) => space.pods !== undefined);
  const workload = leadingWorkload(
    carried.map(({ space }) => space),
    ports,
  );
  return {
    carriers: [...new Set(carried.map(({ node }) => node))],
    hottestShare: ports === 0 ? 1 : (carried[0]?.space.usedPorts ?? 0) / ports,
    ...(areKnown ? { pods: carried.reduce((sum, { space }) => sum + (space.pods ?? 0), 0) } : {}),
    ...(workload === undefined ? {} : { workload }),
  };
}

function isSame(left: Destination, right: Destination): boolean {
  return (
    left.protocol === right.protocol &&
    left.remoteAddress === right.remoteAddress &&
    left.remotePort === right.remotePort
  );
}

function leadingWorkload(spaces: readonly SpaceLoad[], ports: number): Workload | undefined {
  const sums = new Map<string, { readonly workload: Workload; ports: number }>();
  for (const { workload, ports: held } of spaces.flatMap((space) => space.workloads)) {
    const key = holderKey({ kind: 'workload', workload });
    const sum = sums.get(key) ?? { workload, ports: 0 };
    sum.ports += held;
    sums.set(key, sum);
  }
  const [leader] = [...sums.values()].toSorted((left, right) => right.ports - left.ports);
  return leader !== undefined && leader.ports >= ports / 2 ? leader.workload : undefined;
}
