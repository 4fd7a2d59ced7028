// Watches one node for as long as it is let: drains events, resyncs, diagnoses, reports, and answers questions in between.
// Runs in a thread of its own, because a dump blocks. Clocks, sleep and the way out are given to it.
import { diagnose } from '../core/analysis/diagnose.ts';
import type { Diagnosis } from '../core/analysis/diagnosis.ts';
import { takeCensus } from '../core/ledger/ledger-census.ts';
import { arrivalsOf, flowTableOf } from '../core/ledger/ledger-table.ts';
import { holdersOf } from '../core/ledger/port-witness.ts';
import type { ConntrackCounters } from '../core/model/counters.ts';
import { emptyFlowTable, type FlowTable } from '../core/model/flow-table.ts';
import type { Gap } from '../core/model/gap.ts';
import { joinFacts } from '../observe/join-facts.ts';
import { netlinkOrProc } from '../observe/netlink-or-proc.ts';
import type { NodeReadings } from '../observe/node-readings.ts';
import { deltaOf, readCounters, readUse } from '../observe/read-counters.ts';
import { type NodeSetting, readNodeSetting } from '../observe/read-node-setting.ts';
import { settleAbsence } from '../observe/settle-absence.ts';
import { uniqueGaps } from '../observe/unique-gaps.ts';
import type { AgentReport, LostPackets, ResyncState } from '../protocol/agent-report.ts';
import { BudgetGuard } from './detail.ts';
import { diagnosisReport } from './diagnosis-report.ts';
import { LedgerKeeper } from './ledger-keeper.ts';
import { addLosses } from './lost-packets.ts';
import { measureSpaces } from './measure-spaces.ts';
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

/** Events wait so long at most while many come, and while none does: the queue holds a second at 100,000 a second. */
const BUSY_MILLISECONDS = 20;
const IDLE_MILLISECONDS = 100;
const REPORT_MILLISECONDS = 5000;
/** Rates over less than this say little. */
const LEAST_WINDOW_SECONDS = 2;

const HOST_FLOWS_OLD: Gap = {
  id: 'host-flows',
  what: 'flows of the host itself and inbound flows',
  why: 'the agent keeps within its CPU budget and reads translated flows alone',
  weakens: 'ports used: such flows hold ports too',
};

/** Where counting began. */
interface Window {
  readonly start: number;
  readonly counters: ConntrackCounters | undefined;
  readonly began: number;
  readonly ended: number;
  readonly overruns: number;
}

export class NodeWatch {
  readonly #options: WatchOptions;
  readonly #world: WatchWorld;
  readonly #keeper: LedgerKeeper;
  readonly #guard: BudgetGuard;
  readonly #started: number;
  readonly #tasks: (() => Promise<void>)[] = [];
  #setting: NodeSetting;
  #window: Window;
  #gaps: readonly Gap[] = [];
  #diagnosis: Diagnosis | undefined;
  #diagnosedAt = 0;
  #lost: LostPackets = { exhaustion: 0, race: 0, table: 0 };
  #resync: ResyncState | undefined;
  #resyncEnd: number;
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
    this.#resyncEnd = world.now();
    this.#cpu = { at: world.now(), seconds: world.cpuSeconds() };
    this.#guard = new BudgetGuard(options.mostCpuShare);
    this.#setting = readNodeSetting();
    this.#keeper = new LedgerKeeper({ ...options, localAddresses: this.#setting.addresses }, world);
    this.#window = this.#openWindow(readCounters().value);
  }

  /** Watches until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    this.#look(false);
    this.#report();
    let wait = BUSY_MILLISECONDS;
    while (!signal.aborted) {
      wait = this.#keeper.drain() > 0 ? BUSY_MILLISECONDS : Math.min(IDLE_MILLISECONDS, wait * 2);
      const task = this.#tasks.shift();
      if (task !== undefined) await task();
      else if (this.#isResyncDue()) this.#look(this.#guard.detail.snatOnly);
      if (this.#world.now() - this.#reportedAt >= REPORT_MILLISECONDS) this.#report();
      if (this.#tasks.length === 0) await this.#world.sleep(wait);
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
    return this.#inTurn(() => Promise.resolve(this.#who(port, atMilliseconds)));
  }

  /** A report of this moment. */
  reportNow(): Promise<AgentReport> {
    return this.#inTurn(() => Promise.resolve(this.#makeReport()));
  }

  #inTurn<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#tasks.push(() => work().then(resolve, reject));
    });
  }

  async #watchUntil(end: number): Promise<void> {
    for (let left = end - this.#world.now(); left > 0; left = end - this.#world.now()) {
      this.#keeper.drain();
      await this.#world.sleep(Math.max(1, Math.min(BUSY_MILLISECONDS, left)));
    }
  }

  #isResyncDue(): boolean {
    const { ledger } = this.#keeper;
    const after = resyncAfterSeconds({
      lastSeconds: this.#resync?.seconds ?? 0,
      lossesInARow: this.#lossesInARow,
      isCurrent: this.#keeper.isCurrent || this.#keeper.events.gap !== undefined,
      overdueShare: this.#overdue / Math.max(1, ledger.flowCount),
      stretch: this.#guard.detail.resyncStretch,
    });
    return this.#world.now() - this.#resyncEnd >= after * 1000;
  }

  /** Reads everything anew, sets the ledger right and diagnoses. */
  #look(snatOnly: boolean): NodeReadings {
    this.#setting = readNodeSetting();
    this.#keeper.setLocalAddresses(this.#setting.addresses);
    this.#keeper.drain();
    const counters = readCounters();
    const window = this.#window;
    const seconds = (this.#world.now() - window.start) / 1000;
    const arrivals = this.#arrivals(window, seconds);
    this.#window = this.#openWindow(counters.value);
    const flows = this.#resyncFlows(snatOnly);
    const gaps = [...this.#setting.gaps, ...counters.gaps, ...this.#eventGaps(window), ...flows.gaps];
    const readings: NodeReadings = {
      atMilliseconds: this.#world.clock(),
      addresses: this.#setting.addresses,
      flows: flows.table,
      flowsSource: flows.source,
      natRules: this.#setting.natRules,
      claims: this.#setting.claims,
      counters: deltaOf({ before: window.counters, after: counters.value, seconds }),
      arrivals,
      table: readUse(),
      settings: this.#setting.settings,
      linksRead: this.#setting.linksRead,
      gaps: uniqueGaps(flows.source === 'ctnetlink' ? settleAbsence(gaps) : gaps),
    };
    this.#diagnose(readings);
    this.#resyncEnd = this.#world.now();
    return readings;
  }

  #arrivals(window: Window, seconds: number): NodeReadings['arrivals'] {
    const { ledger, events } = this.#keeper;
    if (events.gap !== undefined) return undefined;
    const { snatBegan, snatEnded } = ledger.counts;
    const lossy = events.overruns > window.overruns;
    return arrivalsOf(ledger, { seconds, began: snatBegan - window.began, ended: snatEnded - window.ended, lossy });
  }

  #eventGaps(window: Window): readonly Gap[] {
    const { gap, overruns } = this.#keeper.events;
    if (gap !== undefined) return [gap];
    const lost = overruns - window.overruns;
    if (lost === 0) return [];
    const why = `ENOBUFS ${lost} times: counts are lower bounds`;
    return [{ id: 'events', what: 'some new flows', why, weakens: 'churn: new flows per second' }];
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

  #openWindow(counters: ConntrackCounters | undefined): Window {
    const { ledger, events } = this.#keeper;
    const { snatBegan, snatEnded } = ledger.counts;
    ledger.tally.clear();
    return { start: this.#world.now(), counters, began: snatBegan, ended: snatEnded, overruns: events.overruns };
  }

  /** What the window so far lost is not forgotten; which of its packets lost a race is told by the last diagnosis. */
  #restartWindow(): void {
    this.#keeper.drain();
    const counters = readCounters().value;
    const seconds = (this.#world.now() - this.#window.start) / 1000;
    this.#lost = addLosses(this.#lost, deltaOf({ before: this.#window.counters, after: counters, seconds }));
    this.#window = this.#openWindow(counters);
  }

  #who(port: number, atMilliseconds: number): WhoAnswer {
    const { ledger, clockSteps } = this.#keeper;
    const atSeconds = Math.floor(clockSteps.steadyOf(atMilliseconds) / 1000);
    const { holders, forgottenUntilSeconds } = holdersOf(ledger, { port, atSeconds });
    const wall = (seconds: number): number => clockSteps.wallOf(seconds * 1000);
    return {
      port,
      atMilliseconds,
      holders: holders.map(({ fromSeconds, toSeconds, ...rest }) => ({
        ...rest,
        fromMilliseconds: wall(fromSeconds),
        ...(toSeconds === undefined ? {} : { toMilliseconds: wall(toSeconds) }),
      })),
      ...(forgottenUntilSeconds === undefined ? {} : { forgottenUntilMilliseconds: wall(forgottenUntilSeconds) }),
    };
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
    const { ledger, events, clockSteps } = this.#keeper;
    const { detail } = this.#guard;
    const seconds = Math.max((this.#world.now() - this.#window.start) / 1000, 0.001);
    const census = takeCensus(ledger, detail.topSources);
    const { behaviour } = this.#options;
    const spaces = measureSpaces(ledger, {
      most: detail.topSpaces,
      behaviour,
      diagnosis: this.#diagnosis,
      seconds,
      withSources: detail.topSources > 0,
    });
    const listed = spaces.reduce((sum, { flows }) => sum + flows, 0);
    const table = readUse();
    return {
      atMilliseconds: this.#world.clock(),
      uptimeSeconds: (this.#world.now() - this.#started) / 1000,
      isCurrent: this.#keeper.isCurrent,
      gaps: this.#gaps,
      flows: ledger.flowCount,
      counts: { ...ledger.counts },
      newPerSecond: (ledger.counts.snatBegan - this.#window.began) / seconds,
      endedPerSecond: (ledger.counts.snatEnded - this.#window.ended) / seconds,
      events: { read: events.events, overruns: events.overruns, unreadable: events.unreadable },
      ...(this.#resync === undefined ? {} : { resync: this.#resync }),
      census,
      spaces,
      otherSpaces: { spaces: census.portSpaces - spaces.length, flows: ledger.flowCount - listed },
      lost: this.#lost,
      ...(table === undefined ? {} : { table }),
      ...(this.#diagnosis === undefined ? {} : { diagnosis: diagnosisReport(this.#diagnosis, this.#diagnosedAt) }),
      detail,
      cpuShare: this.#cpuShare,
      ledgerBytes: ledger.bytes,
      clockSteps: clockSteps.count,
    };
  }
}
