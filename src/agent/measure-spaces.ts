// Figures of the fullest port spaces, straight from the ledger's columns: ports in use now, the chance to find none.
import type { Diagnosis, EffectiveRange, PortSpaceVerdict } from '../core/analysis/diagnosis.ts';
import { attribute } from '../core/analysis/attribute.ts';
import { chartPortUse } from '../core/analysis/port-use.ts';
import { measurePressure } from '../core/analysis/pressure.ts';
import { SourceCounter } from '../core/analysis/source-counter.ts';
import type { FlowLedger } from '../core/ledger/flow-ledger.ts';
import { fullestSpaces } from '../core/ledger/ledger-census.ts';
import { rowsOfSpaces } from '../core/ledger/rows-of-spaces.ts';
import { FlowTable, allocateFlowTable } from '../core/model/flow-table.ts';
import type { KernelBehaviour } from '../core/model/kernel-behaviour.ts';
import { type PortRange, UNRESTRICTED_RANGE } from '../core/model/port-range.ts';
import type { PortSpace } from '../core/model/port-space.ts';
import { newPortSpaceKey } from '../core/model/port-space-table.ts';
import { protocolName } from '../core/model/protocol.ts';
import type { SpaceReport } from '../protocol/agent-report.ts';

export interface MeasureOptions {
  readonly most: number;
  readonly behaviour: KernelBehaviour;
  /** For the ranges and the verdicts. */
  readonly diagnosis: Diagnosis | undefined;
  /** How long the ledger's tally runs. */
  readonly seconds: number;
  readonly withSources: boolean;
}

/** The fullest port spaces, most flows first. */
export function measureSpaces(ledger: FlowLedger, options: MeasureOptions): readonly SpaceReport[] {
  const rows = fullestSpaces(ledger, options.most);
  const view = viewOf(ledger, rows);
  const groups = rowsOfSpaces(ledger, rows);
  const counter = new SourceCounter(view);
  return rows.map((space, index) => {
    const group = groups[index] ?? new Uint32Array(0);
    return reportOf(
      { view, counter, space: view.portSpace(index), rows: group, began: ledger.tally.began(space) },
      options,
    );
  });
}

/** A table of the chosen port spaces over the ledger's own columns; which row is in which is told by `rowsOfSpaces`. */
function viewOf(ledger: FlowLedger, rows: readonly number[]): FlowTable {
  const { portSpaces } = allocateFlowTable(0, rows.length, 0);
  const key = newPortSpaceKey();
  rows.forEach((space, index) => {
    ledger.keyOf(space, key);
    portSpaces.zone[index] = key.zone;
    portSpaces.protocol[index] = key.protocol;
    portSpaces.snatAddress[index] = key.snatAddress;
    portSpaces.remoteAddress[index] = key.remoteAddress;
    portSpaces.remotePort[index] = key.remotePort;
    portSpaces.flows[index] = ledger.spaces.flowsOf(space);
  });
  return new FlowTable({
    flowCount: ledger.top,
    flows: { ...ledger.columns, portSpace: new Uint32Array(0) },
    portSpaceCount: rows.length,
    portSpaces,
    addressCount: ledger.addresses.count,
    addresses: ledger.addresses.bytes,
  });
}

interface Subject {
  readonly view: FlowTable;
  readonly counter: SourceCounter;
  readonly space: PortSpace;
  readonly rows: Uint32Array;
  readonly began: number;
}

function reportOf({ view, counter, space, rows, began }: Subject, options: MeasureOptions): SpaceReport {
  const verdict = options.diagnosis?.portSpaces.find(({ portSpace }) => isSameSpace(portSpace, space));
  const range = verdict?.effective.range ?? rangeOf(space, options.diagnosis);
  const use = chartPortUse(view, { row: space.index, rows, range });
  const pressure = measurePressure(use, space.protocol, options.behaviour);
  const { protocol, zone, snatAddress, remoteAddress, remotePort, flows } = space;
  return {
    protocol,
    zone,
    snatAddress,
    remoteAddress,
    remotePort,
    flows,
    range,
    capacityPorts: pressure.capacity,
    usedPorts: use.used,
    livePorts: pressure.livePorts,
    evictablePorts: pressure.evictablePorts,
    dropProbability: pressure.drop,
    newPerSecond: began / Math.max(options.seconds, 0.001),
    sources: options.withSources
      ? attribute(view, { holders: use.holders, counter, addresses: undefined }).map(({ address, ports }) => ({
          address,
          ports,
        }))
      : [],
    ...verdictParts(verdict),
  };
}

function verdictParts(verdict: PortSpaceVerdict | undefined): Partial<SpaceReport> {
  if (verdict === undefined) return {};
  const [first] = verdict.findings;
  return {
    severity: verdict.severity,
    ...(first === undefined ? {} : { check: first.check }),
    ...(verdict.fullInSeconds === undefined ? {} : { fullInSeconds: verdict.fullInSeconds }),
  };
}

function rangeOf({ protocol, snatAddress }: PortSpace, diagnosis: Diagnosis | undefined): PortRange {
  const name = protocolName(protocol);
  const ranges: readonly { readonly protocol: string; readonly effective: EffectiveRange }[] = diagnosis?.ranges ?? [];
  const second = snatAddress.includes(':') ? ranges.find((range) => range.protocol === `${name} (IPv6)`) : undefined;
  return (second ?? ranges.find((range) => range.protocol === name))?.effective.range ?? UNRESTRICTED_RANGE;
}

function isSameSpace(left: PortSpace, right: PortSpace): boolean {
  return (
    left.remoteAddress === right.remoteAddress &&
    left.remotePort === right.remotePort &&
    left.protocol === right.protocol &&
    left.snatAddress === right.snatAddress &&
    left.zone === right.zone
  );
}
