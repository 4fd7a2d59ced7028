// Flows towards as many port spaces as wanted, put straight into a ledger, and the report that the agent makes of it.
import { CountWindow } from '../../src/agent/count-window.ts';
import { DETAILS } from '../../src/agent/detail.ts';
import { type ReportSubject, makeReport } from '../../src/agent/make-report.ts';
import { ClockSteps } from '../../src/core/ledger/clock-steps.ts';
import type { FlowLedger } from '../../src/core/ledger/flow-ledger.ts';
import { SRC_NAT } from '../../src/core/model/flow-status.ts';
import { newFlowValues } from '../../src/core/model/flow-table-builder.ts';
import { unknownBehaviour } from '../../src/core/model/kernel-behaviour.ts';
import { newPortSpaceKey } from '../../src/core/model/port-space-table.ts';
import { TCP } from '../../src/core/model/protocol.ts';
import { ESTABLISHED } from '../../src/core/model/tcp-state.ts';
import type { AgentReport } from '../../src/protocol/agent-report.ts';

const PODS = 110;

/** One SNATed flow of one port space. */
export interface SpacedFlow {
  /** Of the port space: another remote address each. */
  readonly space: number;
  readonly port: number;
  /** Whose flow it is; the port's when absent. */
  readonly pod?: number;
}

/** Lets flows begin and end in a ledger. */
export class SpacedFlows {
  readonly #ledger: FlowLedger;
  readonly #key = newPortSpaceKey();
  readonly #flow = newFlowValues();

  constructor(ledger: FlowLedger) {
    this.#ledger = ledger;
  }

  begin(spaced: SpacedFlow): void {
    this.#write(spaced);
    this.#ledger.begin(this.#key, this.#flow);
  }

  end(spaced: SpacedFlow): void {
    this.#write(spaced);
    this.#ledger.end(this.#key, this.#flow);
  }

  #write({ space, port, pod = port % PODS }: SpacedFlow): void {
    const { addresses } = this.#ledger;
    this.#key.protocol = TCP;
    this.#key.remotePort = 443;
    this.#key.snatAddress = addresses.rowOfIpv4(wordOf(192, 0x0002_0a));
    this.#key.remoteAddress = addresses.rowOfIpv4(wordOf(20, space));
    const flow = this.#flow;
    flow.source = addresses.rowOfIpv4(wordOf(10, pod));
    flow.port = port;
    flow.sourcePort = port;
    flow.id = (space << 8) ^ port;
    flow.status = SRC_NAT;
    flow.tcpState = ESTABLISHED;
    flow.timeoutSeconds = 7200;
  }
}

/** An IPv4 address as it lies in memory: its first byte and the other three. */
function wordOf(first: number, rest: number): number {
  return new Int32Array(Uint8Array.of(first, rest >>> 16, rest >>> 8, rest).buffer)[0] ?? 0;
}

/** What a report is made from, before its window begins. */
export function reportSubject(ledger: FlowLedger): ReportSubject {
  const keeper = {
    ledger,
    events: { events: 0, overruns: 0, unreadable: 0, isFiltered: true, gap: undefined },
    clockSteps: new ClockSteps(),
    isCurrent: true,
  };
  return {
    keeper,
    window: new CountWindow({ keeper, now: () => 0, counters: undefined }),
    behaviour: unknownBehaviour('6.18'),
    detail: DETAILS[0],
    diagnosis: undefined,
    diagnosedAt: 0,
    atMilliseconds: 0,
    uptimeSeconds: 0,
    gaps: [],
    lost: { exhaustion: 0, race: 0, table: 0 },
    resync: { count: 1, atMilliseconds: 0, seconds: 0.1, found: 0, vanished: 0 },
    table: undefined,
    cpuShare: 0,
  };
}

export function reportOf(ledger: FlowLedger): AgentReport {
  return makeReport(reportSubject(ledger));
}
