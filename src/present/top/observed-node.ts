// A look made from the facts of a node and their diagnosis. Lines are bounded, however many port spaces the node has.
import type { Diagnosis, EffectiveRange, PortSpaceVerdict } from '../../core/analysis/diagnosis.ts';
import { SpaceHolding } from '../../core/analysis/space-holding.ts';
import type { FlowTable } from '../../core/model/flow-table.ts';
import type { NodeFacts } from '../../core/model/node-facts.ts';
import { podName } from '../../core/model/pod.ts';
import { type PortSpace, formatPortSpace } from '../../core/model/port-space.ts';
import { protocolName } from '../../core/model/protocol.ts';
import type { NodeLook, SpaceLine } from './node-look.ts';

/** More port spaces than these get no line of their own; the fullest are kept. */
export const MOST_LINES = 3000;

/** Room for a row number beside a count in one exact number. */
const ROW_ROOM = 2 ** 32;

export class ObservedNode implements NodeLook {
  readonly node: string;
  readonly diagnosis: Diagnosis;
  readonly spaces: readonly SpaceLine[];
  readonly unlisted: number;
  readonly #flows: FlowTable;
  readonly #names: ReadonlyMap<string, string>;
  #opened: { readonly key: string; readonly holding: SpaceHolding } | undefined;

  constructor(facts: NodeFacts, diagnosis: Diagnosis) {
    this.node = facts.node;
    this.diagnosis = diagnosis;
    this.#flows = facts.flows;
    this.#names = namesOf(facts);
    const quiet = quietRows(facts.flows, diagnosis);
    const spaces = [
      ...diagnosis.portSpaces.map((verdict) => ({ portSpace: verdict.portSpace, verdict })),
      ...Array.from(quiet.subarray(0, MOST_LINES), (row) => ({ portSpace: facts.flows.portSpace(row) })),
    ];
    const lineOf = lineMaker(diagnosis, new Set(spaces.map(({ portSpace }) => portSpace.snatAddress)).size > 1);
    this.spaces = spaces.map(lineOf);
    this.unlisted = Math.max(0, quiet.length - MOST_LINES);
  }

  /** The last one asked for is kept: a view asks for the same one many times. */
  holdingOf(line: SpaceLine): SpaceHolding {
    if (this.#opened?.key !== line.key)
      this.#opened = { key: line.key, holding: new SpaceHolding(this.#flows, line.portSpace) };
    return this.#opened.holding;
  }

  nameOf(address: string): string | undefined {
    return this.#names.get(address);
  }
}

/** A pod on the node's own network has the node's address, which says nothing about it. */
function namesOf({ addresses, pods = [] }: NodeFacts): ReadonlyMap<string, string> {
  const own = addresses.map((address) => [address, 'this node'] as const);
  const named = pods
    .filter(({ isHostNetwork }) => !isHostNetwork)
    .flatMap((pod) => pod.addresses.map((address) => [address, podName(pod)] as const));
  return new Map([...own, ...named]);
}

/** Rows of the port spaces that were not charted, fullest first. */
function quietRows(flows: FlowTable, { portSpaces }: Diagnosis): Uint32Array {
  const charted = new Set(portSpaces.map(({ portSpace }) => portSpace.index));
  const order = new Float64Array(flows.portSpaceCount);
  let count = 0;
  for (let row = 0; row < flows.portSpaceCount; row += 1)
    if (!charted.has(row)) order[count++] = row - (flows.portSpaces.flows[row] ?? 0) * ROW_ROOM;
  return Uint32Array.from(order.subarray(0, count).sort(), (value) => ((value % ROW_ROOM) + ROW_ROOM) % ROW_ROOM);
}

interface FoundSpace {
  readonly portSpace: PortSpace;
  readonly verdict?: PortSpaceVerdict;
}

function lineMaker(diagnosis: Diagnosis, hasSeveralAddresses: boolean): (space: FoundSpace) => SpaceLine {
  const rangeOf = rangeFinder(diagnosis);
  return ({ portSpace, verdict }) => {
    const whole = formatPortSpace(portSpace, protocolName(portSpace.protocol));
    return {
      key: `${portSpace.zone} ${whole}`,
      name: hasSeveralAddresses ? whole : whole.replace(` via ${portSpace.snatAddress}`, ''),
      portSpace,
      effective: verdict?.effective ?? rangeOf(portSpace),
      usedPorts: verdict?.usedPorts ?? portSpace.flows,
      verdict,
    };
  };
}

/** A range of IPv6 is listed only where it differs from that of IPv4. */
function rangeFinder({ ranges }: Diagnosis): (space: PortSpace) => EffectiveRange | undefined {
  const byName = new Map(ranges.map(({ protocol, effective }) => [protocol, effective]));
  return ({ protocol, snatAddress }) => {
    const name = protocolName(protocol);
    return (snatAddress.includes(':') ? byName.get(`${name} (IPv6)`) : undefined) ?? byName.get(name);
  };
}
