// Watches one node for as long as it is let: drains events, resyncs, diagnoses, reports, and answers questions in between.
// Runs in a thread of its own, because a dump blocks. Clocks, sleep and the way out are given to it.
import { diagnose } from '../core/analysis/diagnose.ts';
import type { Diagnosis } from '../core/analysis/diagnosis.ts';
import { flowTableOf } from '../core/ledger/ledger-table.ts';
import type { ConntrackCounters } from '../core/model/counters.ts';
import { emptyFlowTable, type FlowTable } from '../core/model/flow-table.ts';
import type { Gap } from '../core/model/gap.ts';
import { joinFacts } from '../observe/join-facts.ts';
import { netlinkOrProc } from '../observe/netlink-or-proc.ts';
import type { NodeReadings } from '../observe/node-readings.ts';
import { readCounters, readUse } from '../observe/read-counters.ts';
import { type NodeSetting, readNodeSetting } from '../observe/read-node-setting.ts';
import { settleAbsence } from '../observe/settle-absence.ts';
import { uniqueGaps } from '../observe/unique-gaps.ts';
import type { AgentReport, LostPackets, ResyncState } from '../protocol/agent-report.ts';
import { answerWho } from './answer-who.ts';
import { CountWindow } from './count-window.ts';
import { BudgetGuard } from './detail.ts';
import { FIRST_DRAIN_MILLISECONDS, drainAfterMilliseconds } from './drain-pace.ts';
import { LedgerKeeper } from './ledger-keeper.ts';
import { addLosses } from './lost-packets.ts';
import { makeReport } from './make-report.ts';
import { resyncAfterSeconds } from './resync-schedule.ts';
import type { WatchOptions, WhoAnswer } from './watch-messages.ts';

export interface WatchWorld {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Wall-clock milliseconds. */
  readonly clock: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** CPU seconds this process has used. */
  readonly cpuSeconds: () => number;
  readonly report: (report: AgentReport) => void;
}

const REPORT_MILLISECONDS = 5000;
/** Rates over less than this say little. */
const LEAST_WINDOW_SECONDS = 2;

const HOST_FLOWS_OLD: Gap = {
  id: 'host-flows',
  what: 'flows of the host itself and inbound flows',
  why: 'the agent keeps within its CPU budget and reads translated flows alone',
  weakens: 'ports used: such flows hold ports too',
};

export class NodeWatch {
  readonly #options: WatchOptions;
  readonly #world: WatchWorld;
  readonly #keeper: LedgerKeeper;
  readonly #guard: BudgetGuard;
  readonly #started: number;
  readonly #tasks: (() => Promise<void>)[] = [];
  /** Ends the rest between two drains. */
  #wake: () => void = () => undefined;
  #setting: NodeSetting;
  #window: CountWindow;
  #gaps: readonly Gap[] = [];
  #diagnosis: Diagnosis | undefined;
  #diagnosedAt = 0;
  #lost: LostPackets = { exhaustion: 0, race: 0, table: 0 };
  #resync: ResyncState | undefined;
  #lookEnd: number;
  #lookCpuSeconds = 0;
  #lossesInARow = 0;
  #overdue = 0;
  #reportedAt = 0;
  #cpu: { readonly at: number; readonly seconds: number };
  #cpuShare = 0;

  /** Listens from now on. */
  constructor(options: WatchOptions, world: WatchWorld) {
    this.#options = options;
    this.#world = world;
    this.#started = world.now();
    this.#lookEnd = world.now();
    this.#cpu = { at: world.now(), seconds: world.cpuSeconds() };
    this.#guard = new BudgetGuard(options.mostCpuShare);
    this.#setting = readNodeSetting();
    this.#keeper = new LedgerKeeper({ ...options, localAddresses: this.#setting.addresses }, world);
    this.#window = this.#openWindow(readCounters().value);
  }

  /** Watches until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#wake(), { once: true });
    this.#look(false);
    this.#report();
    let wait = FIRST_DRAIN_MILLISECONDS;
    while (!signal.aborted) {
      wait = drainAfterMilliseconds({ events: this.#keeper.drain(), waitedMilliseconds: wait });
      const task = this.#tasks.shift();
      if (task !== undefined) await task();
      else if (this.#isResyncDue()) this.#look(this.#guard.detail.snatOnly);
      if (this.#world.now() - this.#reportedAt >= REPORT_MILLISECONDS) this.#report();
      if (this.#tasks.length === 0 && !signal.aborted) await this.#rest(wait);
    }
  }

  close(): void {
    this.#keeper.close();
  }

  /** All that is known of the node, from a look taken for it: what observeNode would read. */
  facts(windowSeconds: number | undefined): Promise<NodeReadings> {
    return this.#inTurn(async () => {
      if (windowSeconds !== undefined) this.#restartWindow();
      await this.#watchUntil(this.#window.start + (windowSeconds ?? LEAST_WINDOW_SECONDS) * 1000);
      return this.#look(false);
    });
  }

  /** Who held a port at a time of day. */
  who(port: number, atMilliseconds: number): Promise<WhoAnswer> {
    return this.#inTurn(() => Promise.resolve(answerWho(this.#keeper, { port, atMilliseconds })));
  }

  /** A report of this moment. */
  reportNow(): Promise<AgentReport> {
    return this.#inTurn(() => Promise.resolve(this.#makeReport()));
  }

  #inTurn<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#tasks.push(() => work().then(resolve, reject));
      this.#wake();
    });
  }

  /** Until the next drain, or until somebody asks. */
  #rest(milliseconds: number): Promise<void> {
    const woken = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    return Promise.race([this.#world.sleep(milliseconds), woken]);
  }

  async #watchUntil(end: number): Promise<void> {
    for (let left = end - this.#world.now(); left > 0; left = end - this.#world.now()) {
      this.#keeper.drain();
      await this.#world.sleep(Math.max(1, Math.min(FIRST_DRAIN_MILLISECONDS, left)));
    }
  }

  #isResyncDue(): boolean {
    const { ledger } = this.#keeper;
    const after = resyncAfterSeconds({
      lastCpuSeconds: this.#lookCpuSeconds,
      lossesInARow: this.#lossesInARow,
      isCurrent: this.#keeper.isCurrent || this.#keeper.events.gap !== undefined,
      overdueShare: this.#overdue / Math.max(1, ledger.flowCount),
      stretch: this.#guard.detail.resyncStretch,
    });
    return this.#world.now() - this.#lookEnd >= after * 1000;
  }

  /** Reads everything anew, sets the ledger right and diagnoses. */
  #look(snatOnly: boolean): NodeReadings {
    const cpuSeconds = this.#world.cpuSeconds();
    this.#setting = readNodeSetting();
    this.#keeper.setLocalAddresses(this.#setting.addresses);
    this.#keeper.drain();
    const counters = readCounters();
    const window = this.#window;
    const { seconds } = window;
    const arrivals = window.arrivals(seconds);
    this.#window = this.#openWindow(counters.value);
    const flows = this.#resyncFlows(snatOnly);
    const gaps = [...this.#setting.gaps, ...counters.gaps, ...window.gaps, ...flows.gaps];
    const readings: NodeReadings = {
      atMilliseconds: this.#world.clock(),
      addresses: this.#setting.addresses,
      flows: flows.table,
      flowsSource: flows.source,
      natRules: this.#setting.natRules,
      claims: this.#setting.claims,
      counters: window.deltaTo(counters.value, seconds),
      arrivals,
      table: readUse(),
      settings: this.#setting.settings,
      linksRead: this.#setting.linksRead,
      gaps: uniqueGaps(flows.source === 'ctnetlink' ? settleAbsence(gaps) : gaps),
    };
    this.#diagnose(readings);
    this.#lookEnd = this.#world.now();
    this.#lookCpuSeconds = this.#world.cpuSeconds() - cpuSeconds;
    return readings;
  }

  #resyncFlows(snatOnly: boolean): { table: FlowTable; source: NodeReadings['flowsSource']; gaps: readonly Gap[] } {
    const resync = this.#keeper.resync({ snatOnly });
    this.#lossesInARow = resync.isWhole ? 0 : this.#lossesInARow + 1;
    if (resync.refused !== undefined) {
      const reading = { value: emptyFlowTable(), source: 'ctnetlink dump', complete: false, gaps: [resync.refused] };
      return netlinkOrProc(reading, this.#setting.addresses);
    }
    const { seconds, found, vanished } = resync;
    this.#resync = { count: this.#keeper.resyncs, atMilliseconds: this.#world.clock(), seconds, found, vanished };
    const gaps = this.#keeper.gaps.filter(({ id }) => id !== 'events');
    const table = flowTableOf(this.#keeper.ledger);
    return { table, source: 'ctnetlink', gaps: snatOnly ? [...gaps, HOST_FLOWS_OLD] : gaps };
  }

  #diagnose(readings: NodeReadings): void {
    const facts = joinFacts(readings, { behaviour: this.#options.behaviour, name: '' });
    this.#gaps = facts.gaps;
    this.#diagnosis = diagnose(facts);
    this.#diagnosedAt = readings.atMilliseconds;
    this.#lost = addLosses(this.#lost, this.#diagnosis.losses);
  }

  #openWindow(counters: ConntrackCounters | undefined): CountWindow {
    return new CountWindow({ keeper: this.#keeper, now: this.#world.now, counters });
  }

  /** What the window so far lost is not forgotten; which of its packets lost a race is told by the last diagnosis. */
  #restartWindow(): void {
    this.#keeper.drain();
    const counters = readCounters().value;
    this.#lost = addLosses(this.#lost, this.#window.deltaTo(counters, this.#window.seconds));
    this.#window = this.#openWindow(counters);
  }

  #report(): void {
    this.#measureCost();
    this.#world.report(this.#makeReport());
    this.#reportedAt = this.#world.now();
  }

  #measureCost(): void {
    const now = { at: this.#world.now(), seconds: this.#world.cpuSeconds() };
    const elapsed = (now.at - this.#cpu.at) / 1000;
    // The first look costs what no later one does: rules, sockets, the whole table at once.
    if (elapsed < 1) return;
    this.#cpuShare = (now.seconds - this.#cpu.seconds) / elapsed;
    this.#guard.note(this.#cpuShare);
    this.#cpu = now;
  }

  #makeReport(): AgentReport {
    this.#keeper.drain();
    this.#overdue = this.#keeper.ageOut();
    return makeReport({
      keeper: this.#keeper,
      window: this.#window,
      behaviour: this.#options.behaviour,
      detail: this.#guard.detail,
      diagnosis: this.#diagnosis,
      diagnosedAt: this.#diagnosedAt,
      atMilliseconds: this.#world.clock(),
      uptimeSeconds: (this.#world.now() - this.#started) / 1000,
      gaps: this.#gaps,
      lost: this.#lost,
      resync: this.#resync,
      table: readUse(),
      cpuShare: this.#cpuShare,
    });
  }
}
