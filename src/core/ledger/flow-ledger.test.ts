// The ledger against a kernel in miniature: entries come and go, events lag behind, a dump shows them at different times.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SRC_NAT } from '../model/flow-status.ts';
import { FlowTableBuilder, newFlowValues } from '../model/flow-table-builder.ts';
import type { FlowTable } from '../model/flow-table.ts';
import { newPortSpaceKey } from '../model/port-space-table.ts';
import { TCP } from '../model/protocol.ts';
import { ESTABLISHED, TIME_WAIT } from '../model/tcp-state.ts';
import { FlowLedger } from './flow-ledger.ts';
import { LedgerSink } from './ledger-sink.ts';
import { arrivalsOf, flowTableOf } from './ledger-table.ts';
import { holdersOf } from './port-witness.ts';

interface Entry {
  /** Last byte of the remote address: the port space. */
  readonly remote: number;
  readonly port: number;
  readonly id: number;
  readonly state: number;
  readonly timeoutSeconds: number;
}

const SNAT = new Int32Array(Uint8Array.of(192, 0, 2, 10).buffer)[0] ?? 0;
const POD = new Int32Array(Uint8Array.of(10, 0, 0, 5).buffer)[0] ?? 0;

function remoteWord(last: number): number {
  return new Int32Array(Uint8Array.of(203, 0, 113, last).buffer)[0] ?? 0;
}

function show(sink: LedgerSink | FlowTableBuilder, entry: Entry): void {
  const key = newPortSpaceKey();
  const flow = newFlowValues();
  key.protocol = TCP;
  key.remotePort = 443;
  key.snatAddress = sink.addresses.rowOfIpv4(SNAT);
  key.remoteAddress = sink.addresses.rowOfIpv4(remoteWord(entry.remote));
  flow.source = sink.addresses.rowOfIpv4(POD);
  flow.port = entry.port;
  flow.sourcePort = entry.port;
  // As the decoder has it: signed.
  flow.id = entry.id | 0;
  flow.tcpState = entry.state;
  flow.status = SRC_NAT;
  flow.timeoutSeconds = entry.timeoutSeconds;
  sink.add(key, flow);
}

function feed(ledger: FlowLedger, entry: Entry, isEnd = false): void {
  const sink = new LedgerSink(ledger);
  sink.isEnd = isEnd;
  show(sink, entry);
}

function tableOf(entries: readonly Entry[]): FlowTable {
  const builder = new FlowTableBuilder();
  for (const entry of entries) show(builder, entry);
  return builder.build();
}

function linesOf(table: FlowTable): readonly string[] {
  return Array.from({ length: table.flowCount }, (_, row) => {
    const space = table.portSpace(table.flows.portSpace[row] ?? 0);
    return `${space.remoteAddress} ${table.flows.port[row]} ${table.flows.id[row]} ${table.flows.tcpState[row]}`;
  }).sort();
}

function entryOf(remote: number, port: number, more: Partial<Entry> = {}): Entry {
  return { remote, port, id: 0x8000_0000 + port, state: ESTABLISHED, timeoutSeconds: 60, ...more };
}

const SMALL = { historyLimit: 16 };
const WHOLE = { isComplete: true, snatOnly: false };

/** What may happen next. */
type Step =
  | { readonly kind: 'begin'; readonly slot: number; readonly isSameId: boolean }
  | { readonly kind: 'end'; readonly slot: number }
  | { readonly kind: 'hear'; readonly count: number }
  | { readonly kind: 'dump-next' };

const SLOTS = 12;
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('begin' as const), slot: fc.nat(SLOTS - 1), isSameId: fc.boolean() }),
  fc.record({ kind: fc.constant('end' as const), slot: fc.nat(SLOTS - 1) }),
  fc.record({ kind: fc.constant('hear' as const), count: fc.integer({ min: 1, max: 6 }) }),
  fc.record({ kind: fc.constant('dump-next' as const) }),
);

/** Slots are tuples; a dump visits them in order, and what it saw is read later than it was written. */
class MiniKernel {
  readonly live = new Map<number, Entry>();
  readonly queue: { readonly entry: Entry; readonly isEnd: boolean }[] = [];
  #nextId = 1;

  begin(slot: number, isSameId: boolean): void {
    if (this.live.has(slot)) return;
    const entry = entryOf(slot % 3, 32_768 + slot, isSameId ? {} : { id: this.#nextId++ });
    this.live.set(slot, entry);
    this.queue.push({ entry, isEnd: false });
  }

  end(slot: number): void {
    const entry = this.live.get(slot);
    if (entry === undefined) return;
    this.live.delete(slot);
    this.queue.push({ entry, isEnd: true });
  }

  hear(ledger: FlowLedger, count: number): void {
    for (const { entry, isEnd } of this.queue.splice(0, count)) feed(ledger, entry, isEnd);
  }
}

describe('FlowLedger', () => {
  it('equals the kernel after any dump that any events cross, once all are heard', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 40 }), fc.array(steps, { maxLength: 80 }), (before, during) => {
        const kernel = new MiniKernel();
        const ledger = new FlowLedger(SMALL);
        // What came before anyone listened is not heard.
        for (const step of before) play(kernel, step);
        kernel.queue.length = 0;
        ledger.beginResync();
        const dumped: Entry[] = [];
        let slot = 0;
        const dumpNext = (): void => {
          const entry = kernel.live.get(slot);
          slot += 1;
          if (entry !== undefined) dumped.push(entry);
        };
        for (const step of during) {
          if (step.kind === 'hear') kernel.hear(ledger, step.count);
          else if (step.kind === 'dump-next') dumpNext();
          else play(kernel, step);
        }
        while (slot < SLOTS) dumpNext();
        kernel.hear(ledger, kernel.queue.length);
        ledger.finishResync(tableOf(dumped), WHOLE);
        expect(linesOf(flowTableOf(ledger))).toEqual(linesOf(tableOf([...kernel.live.values()])));
      }),
      { numRuns: 2000, seed: 7 },
    );
  });

  it('equals the kernel by events alone, and a resync then finds nothing to set right', () => {
    fc.assert(
      fc.property(fc.array(steps, { maxLength: 200 }), (events) => {
        const kernel = new MiniKernel();
        const ledger = new FlowLedger(SMALL);
        for (const step of events) play(kernel, step);
        kernel.hear(ledger, kernel.queue.length);
        const wanted = tableOf([...kernel.live.values()]);
        expect(linesOf(flowTableOf(ledger))).toEqual(linesOf(wanted));
        ledger.beginResync();
        ledger.finishResync(wanted, WHOLE);
        expect(ledger.counts).toMatchObject({ found: 0, vanished: 0 });
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('is set right by a resync after events were lost', () => {
    const ledger = new FlowLedger(SMALL);
    for (const port of [1, 2, 3]) feed(ledger, entryOf(1, port));
    ledger.beginResync();
    ledger.finishResync(tableOf([entryOf(1, 2), entryOf(1, 4)]), WHOLE);
    expect(linesOf(flowTableOf(ledger))).toEqual(linesOf(tableOf([entryOf(1, 2), entryOf(1, 4)])));
    expect(ledger.counts).toMatchObject({ found: 1, vanished: 2 });
  });

  it('drops nothing for a dump that is not whole, nor host flows for one of SNATed flows', () => {
    const ledger = new FlowLedger(SMALL);
    for (const port of [1, 2]) feed(ledger, entryOf(1, port));
    ledger.beginResync();
    ledger.finishResync(tableOf([entryOf(1, 1)]), { isComplete: false, snatOnly: false });
    expect(ledger.flowCount).toBe(2);
    ledger.beginResync();
    ledger.finishResync(tableOf([entryOf(1, 1)]), { isComplete: true, snatOnly: true });
    expect(ledger.flowCount).toBe(1);
  });

  it('lets a new flow take the port of one whose end was not heard', () => {
    const ledger = new FlowLedger(SMALL);
    feed(ledger, entryOf(1, 40_000, { id: 1 }));
    feed(ledger, entryOf(1, 40_000, { id: 2 }));
    expect(linesOf(flowTableOf(ledger))).toEqual(linesOf(tableOf([entryOf(1, 40_000, { id: 2 })])));
    expect(ledger.counts.replaced).toBe(1);
  });

  it('ages closing flows out, and only counts others that may have been prolonged', () => {
    const ledger = new FlowLedger(SMALL);
    ledger.beginResync();
    const closing = entryOf(1, 1, { state: TIME_WAIT, timeoutSeconds: 10 });
    ledger.finishResync(tableOf([closing, entryOf(1, 2, { timeoutSeconds: 10 })]), WHOLE);
    ledger.setSecond(11);
    expect(ledger.ageOut()).toBe(0);
    expect(ledger.flowCount).toBe(2);
    ledger.setSecond(12);
    expect(ledger.ageOut()).toBe(1);
    expect(ledger.flowCount).toBe(1);
    expect(ledger.counts.aged).toBe(1);
  });

  it('counts what it cannot keep', () => {
    const ledger = new FlowLedger({ ...SMALL, flowLimit: 2 });
    for (const port of [1, 2, 3]) feed(ledger, entryOf(1, port));
    expect(ledger.flowCount).toBe(2);
    expect(ledger.counts).toMatchObject({ began: 3, unlisted: 1 });
    feed(ledger, entryOf(1, 3), true);
    expect(ledger.counts.unknownEnds).toBe(1);
  });

  it('keeps flows, tallies and later events right when it clears dead rows away', () => {
    const ledger = new FlowLedger(SMALL);
    for (let remote = 0; remote < 200; remote += 1) feed(ledger, entryOf(remote, 5000 + remote));
    for (let remote = 0; remote < 190; remote += 1) feed(ledger, entryOf(remote, 5000 + remote), true);
    ledger.tally.clear();
    feed(ledger, entryOf(77, 6000));
    const lines = linesOf(flowTableOf(ledger));
    ledger.compact();
    expect(linesOf(flowTableOf(ledger))).toEqual(lines);
    expect(ledger.spaces.count).toBe(11);
    const window = { seconds: 1, began: 1, ended: 0, lossy: false };
    expect(arrivalsOf(ledger, window).portSpaces).toMatchObject([
      { remoteAddress: '203.0.113.77', count: 1, lowestPort: 6000, highestPort: 6000 },
    ]);
    feed(ledger, entryOf(195, 5195), true);
    expect(ledger.flowCount).toBe(lines.length - 1);
  });

  it('knows who held a port and when', () => {
    const ledger = new FlowLedger({ historyLimit: 2 });
    ledger.setSecond(10);
    feed(ledger, entryOf(1, 40_000));
    ledger.setSecond(20);
    feed(ledger, entryOf(1, 40_000), true);
    feed(ledger, entryOf(2, 40_000));
    const at = (atSeconds: number) => holdersOf(ledger, { port: 40_000, atSeconds });
    expect(at(9).holders).toEqual([]);
    expect(at(15).holders).toMatchObject([
      { remoteAddress: '203.0.113.1', source: '10.0.0.5', fromSeconds: 10, toSeconds: 20, beganExactly: true },
    ]);
    expect(at(21).holders).toMatchObject([{ remoteAddress: '203.0.113.2', fromSeconds: 20 }]);
    expect(at(21).holders[0]).not.toHaveProperty('toSeconds');
    expect(at(15)).not.toHaveProperty('forgottenUntilSeconds');
    ledger.setSecond(30);
    for (const port of [1, 2]) feed(ledger, entryOf(3, port));
    for (const port of [1, 2]) feed(ledger, entryOf(3, port), true);
    expect(at(15)).toMatchObject({ holders: [], forgottenUntilSeconds: 20 });
  });
});

function play(kernel: MiniKernel, step: Step): void {
  if (step.kind === 'begin') kernel.begin(step.slot, step.isSameId);
  else if (step.kind === 'end') kernel.end(step.slot);
}
