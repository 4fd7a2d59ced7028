// The experiments, each on a remote of its own in the bench: what is done, and what the kernel's answer means.
import { TCP, UDP } from '../../core/model/protocol.ts';
import type { KernelBehaviour } from '../../core/model/kernel-behaviour.ts';
import { rangeSize } from '../../core/model/port-range.ts';
import { ESTABLISHED, TIME_WAIT } from '../../core/model/tcp-state.ts';
import { createFlows } from '../conntrack/create-flows.ts';
import { IPS_DST_NAT } from '../conntrack/write-numbers.ts';
import { RawSender } from './raw-sender.ts';
import { CLIENT, type Experiment, REMOTE_PORT, SNAT_ADDRESS } from './prepare-namespace.ts';
import { readCounters } from './read-counters.ts';
import { countEntries, readSnatPorts } from './read-snat-ports.ts';

/** A part of the answer, and the sentence that says how it was found. */
export interface Outcome {
  readonly found: Partial<Omit<KernelBehaviour, 'evidence' | 'release'>>;
  readonly evidence: string;
}

const FOUR_PORTS = { first: 40_000, last: 40_003 };
const CLOSING: Experiment = { remote: '127.0.0.10', range: FOUR_PORTS };
const LIVE: Experiment = { remote: '127.0.0.11', range: FOUR_PORTS };
const FULL: Experiment = { remote: '127.0.0.12', range: { first: 40_000, last: 40_511 } };
const BIASED: Experiment = { remote: '127.0.0.13', range: { first: 16_384, last: 65_535 } };

/** 128 + 64 + 32 + 16 + 8 candidates (nf_nat_l4proto_unique_tuple since mainline a504b703bb1d). */
const WINDOW_PROBES = 248;

const BIAS_FLOWS = 2000;
const MIDDLE = 32_768;
/** Uniform: 16384 of 49152 ports lie below the middle, .333. Start = u16 modulo size: .5. Halfway is 7.6 standard deviations from each. */
const BIAS_THRESHOLD = 0.4167;

export const EXPERIMENTS: readonly Experiment[] = [CLOSING, LIVE, FULL, BIASED];

/** Whether SYNs take over TIME_WAIT entries in a full range of 4 ports, and leave ESTABLISHED ones alone. */
export function probeEviction(): Outcome {
  const overClosing = countOpened(CLOSING, TIME_WAIT);
  const overLive = countOpened(LIVE, ESTABLISHED);
  const did = `4 ports full of TIME_WAIT let ${overClosing} of 4 SYNs through, full of ESTABLISHED ${overLive} of 4`;
  if (overLive > 0) return { found: {}, evidence: `eviction: ${did}; a full range must refuse, so this says nothing` };
  return {
    found: { evictsClosing: overClosing > 0 ? 'yes' : 'no' },
    evidence: `eviction: ${did}, so closing entries are ${overClosing > 0 ? '' : 'not '}taken over`,
  };
}

/** The sequence number of the SYN is ahead of the hand-made entries' end (0), which eviction asks for. */
function countOpened(experiment: Experiment, state: number): number {
  fill(experiment, { protocol: TCP, state });
  return withSender(
    experiment,
    TCP,
    (sender) => [0, 1, 2, 3].filter((index) => sender.send(5000 + index, 1000)).length,
  );
}

/** How many candidates one datagram tries before it is dropped, by the `found` counter. */
export function probeSearch(): Outcome {
  fill(FULL, { protocol: UDP, state: 0 });
  const before = readCounters();
  const sent = withSender(FULL, UDP, (sender) => sender.send(5000));
  const after = readCounters();
  const probes = after.found - before.found;
  const size = rangeSize(FULL.range);
  const did = `one datagram into ${size} full ports tried ${probes} of them and was ${sent ? 'sent' : 'dropped'}`;
  if (sent || after.insertFailed === before.insertFailed) {
    return { found: {}, evidence: `search: ${did}; wanted a drop, so this says nothing` };
  }
  const search = probes === WINDOW_PROBES ? 'windows' : probes >= size - 1 ? 'full-scan' : 'unknown';
  return { found: { search }, evidence: `search: ${did} (windows: ${WINDOW_PROBES}, whole range: ${size})` };
}

/** Where new flows land in a range whose size does not divide 65,536. */
export function probeBias(): Outcome {
  withSender(BIASED, UDP, (sender) => {
    for (let flow = 1; flow <= BIAS_FLOWS; flow += 1) sender.send(flow);
  });
  const ports = readSnatPorts(lastByte(BIASED.remote));
  const low = ports.filter((port) => port < MIDDLE).length;
  const share = ports.length === 0 ? 0 : low / ports.length;
  const did = `${low} of ${ports.length} flows in 16384-65535 lie below ${MIDDLE}: ${share.toFixed(3)}`;
  if (ports.length < BIAS_FLOWS) {
    return { found: {}, evidence: `bias: ${did}; wanted ${BIAS_FLOWS} flows, so this says nothing` };
  }
  return {
    found: { moduloBias: share > BIAS_THRESHOLD ? 'yes' : 'no' },
    evidence: `bias: ${did} (u16 modulo size: .500, uniform: .333; wrong once in 10^13)`,
  };
}

/** Whether a dump that asks for a status no entry has comes back empty. Needs entries from the other experiments. */
export function probeDumpFilter(): Outcome {
  const all = countEntries();
  const filtered = countEntries(IPS_DST_NAT);
  const did = `of ${all} entries a dump asked for DNATed ones returned ${filtered}, there are none`;
  if (all === 0) return { found: {}, evidence: `filter: ${did}; wanted some entries, so this says nothing` };
  return { found: { filtersSnatDump: filtered === 0 ? 'yes' : 'no' }, evidence: `filter: ${did}` };
}

function fill(
  experiment: Experiment,
  { protocol, state }: { readonly protocol: number; readonly state: number },
): void {
  const size = rangeSize(experiment.range);
  const report = createFlows({
    protocol,
    sources: [CLIENT],
    firstSourcePort: 10_000,
    remoteAddress: experiment.remote,
    remotePort: REMOTE_PORT,
    snatAddress: SNAT_ADDRESS,
    snatPorts: Uint16Array.from({ length: size }, (_, index) => experiment.range.first + index),
    tcpStates: [state],
    timeoutSeconds: { first: 60, last: 60 },
  });
  if (report.created !== size) {
    throw new Error(`ctnetlink made ${report.created} of ${size} entries (${report.firstRefusal ?? 'no error'})`);
  }
}

function withSender<Value>(experiment: Experiment, protocol: number, use: (sender: RawSender) => Value): Value {
  const sender = new RawSender({
    protocol,
    source: CLIENT,
    destination: experiment.remote,
    destinationPort: REMOTE_PORT,
  });
  try {
    return use(sender);
  } finally {
    sender.close();
  }
}

function lastByte(address: string): number {
  return Number(address.split('.')[3]);
}
