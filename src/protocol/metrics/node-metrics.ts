// Metrics of the node as a whole.
import type { Severity } from '../../core/analysis/finding.ts';
import { type Metric, by, one } from './metric.ts';

const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'info', 'ok', 'unknown'];

export const NODE_METRICS: readonly Metric[] = [
  {
    name: 'portolan_flows',
    needs: 'flows',
    type: 'gauge',
    unit: 'flows',
    help: 'Connections that hold a port of this node, by who opened them.',
    labels: [{ name: 'direction', meaning: '`snat`: a pod, translated; `host`: the node itself; `inbound`: a remote' }],
    bound: '3',
    read: ({ report: { census } }) => by({ snat: census.snat, host: census.host, inbound: census.inbound }),
  },
  {
    name: 'portolan_snat_flows',
    needs: 'flows',
    type: 'gauge',
    unit: 'flows',
    help: 'Translated connections by protocol and state; the state of TCP is that of the last resync.',
    labels: [
      { name: 'protocol', meaning: '`tcp`, `udp`, `icmp`, ...' },
      { name: 'state', meaning: 'state of TCP in small letters; `open` for others' },
    ],
    bound: '14',
    read: ({ report }) =>
      report.census.states.map(({ protocol, state, flows }) => ({ labels: [protocol, state], value: flows })),
  },
  {
    name: 'portolan_new_flows',
    needs: 'flows',
    type: 'counter',
    unit: 'flows',
    help: 'Translated connections that were heard to begin.',
    labels: [],
    bound: '1',
    read: ({ report }) => one(report.counts.snatBegan),
  },
  {
    name: 'portolan_ended_flows',
    needs: 'flows',
    type: 'counter',
    unit: 'flows',
    help: 'Translated connections that were heard to end.',
    labels: [],
    bound: '1',
    read: ({ report }) => one(report.counts.snatEnded),
  },
  {
    name: 'portolan_lost_packets',
    needs: 'counters',
    type: 'counter',
    unit: 'packets',
    help: 'Packets that conntrack dropped, by cause.',
    labels: [
      {
        name: 'cause',
        meaning:
          '`exhaustion`: no free port was found; `race`: another flow took the port first; `table`: the table was full',
      },
    ],
    bound: '3',
    read: ({ report: { lost } }) => by({ exhaustion: lost.exhaustion, race: lost.race, table: lost.table }),
  },
  {
    name: 'portolan_port_spaces',
    needs: 'flows',
    type: 'gauge',
    unit: 'port spaces',
    help: 'Port spaces with at least one connection.',
    labels: [],
    bound: '1',
    read: ({ report }) => one(report.census.portSpaces),
  },
  {
    name: 'portolan_conntrack_entries',
    type: 'gauge',
    unit: 'entries',
    help: 'Entries of the conntrack table, expired ones included.',
    labels: [],
    bound: '1',
    read: ({ report }) => one(report.table?.count),
  },
  {
    name: 'portolan_conntrack_entries_limit',
    type: 'gauge',
    unit: 'entries',
    help: 'Entries the conntrack table may hold (nf_conntrack_max).',
    labels: [],
    bound: '1',
    read: ({ report }) => one(report.table?.max),
  },
  {
    name: 'portolan_severity',
    type: 'gauge',
    unit: '0 or 1',
    help: 'Whether the last diagnosis of this node is of this severity.',
    labels: [{ name: 'severity', meaning: '`critical`, `warning`, `info`, `ok` or `unknown`' }],
    bound: '5',
    read: ({ report: { diagnosis } }) =>
      diagnosis === undefined
        ? []
        : SEVERITIES.map((severity) => ({ labels: [severity], value: diagnosis.severity === severity ? 1 : 0 })),
  },
  {
    name: 'portolan_findings',
    type: 'gauge',
    unit: 'findings',
    help: 'Findings of the last diagnosis.',
    labels: [
      { name: 'check', meaning: 'what was found: docs/checks has a page for each' },
      { name: 'severity', meaning: 'as in portolan_severity' },
    ],
    bound: '65',
    read: ({ report }) =>
      (report.diagnosis?.checks ?? []).map(({ check, severity, count }) => ({
        labels: [check, severity],
        value: count,
      })),
  },
  {
    name: 'portolan_range_first_port',
    type: 'gauge',
    unit: 'port',
    help: 'First port of the range in force for ordinary pod egress.',
    labels: [{ name: 'protocol', meaning: '`tcp`, `udp`; ` (IPv6)` behind it where IPv6 differs' }],
    bound: '8',
    read: ({ report }) =>
      (report.diagnosis?.ranges ?? []).map(({ protocol, range }) => ({ labels: [protocol], value: range.first })),
  },
  {
    name: 'portolan_range_last_port',
    type: 'gauge',
    unit: 'port',
    help: 'Last port of the range in force for ordinary pod egress.',
    labels: [{ name: 'protocol', meaning: 'as in portolan_range_first_port' }],
    bound: '8',
    read: ({ report }) =>
      (report.diagnosis?.ranges ?? []).map(({ protocol, range }) => ({ labels: [protocol], value: range.last })),
  },
  {
    name: 'portolan_claims_in_range',
    type: 'gauge',
    unit: 'claims',
    help: "Someone else's ports inside the range.",
    labels: [
      { name: 'kind', meaning: '`listener`, `tunnel`, `dnat`, `untracked`, `node-port`, ...' },
      { name: 'hurts', meaning: '`true` when traffic is lost to it on this data plane, else `false`' },
    ],
    bound: '16',
    read: ({ report }) =>
      (report.diagnosis?.claims ?? []).map(({ kind, hurts, count }) => ({
        labels: [kind, String(hurts)],
        value: count,
      })),
  },
];
