// Alert rules over the metrics: when somebody should look, how urgently, and what to do first.
import { CRITICAL_DROP, NEARING_DROP, NEARING_SHARE } from '../../core/analysis/thresholds.ts';

export interface Alert {
  readonly name: string;
  readonly expression: string;
  /** How long it must hold. */
  readonly for: string;
  readonly severity: 'critical' | 'warning' | 'info';
  /** May hold templates of Prometheus. */
  readonly summary: string;
  readonly description: string;
  /** Page of the documentation. */
  readonly page: string;
}

const SPACE = '{{ $labels.protocol }} {{ $labels.remote }} via {{ $labels.snat_address }} on {{ $labels.instance }}';
/** What this kernel takes over is there for a new connection. */
const LIVE = 'portolan_port_space_ports{state="live"} / ignoring (state) portolan_port_space_capacity_ports';
const BAD = 'severity=~"critical|warning"';
/** Checks that no alert of their own speaks of. */
const OTHER_CHECKS = 'leak|pod-ephemeral-ports|recycled-too-early|rule-order|range-protocol';

export const ALERTS: readonly Alert[] = [
  {
    name: 'PortolanPortsExhausted',
    expression: `portolan_port_space_drop_probability > ${CRITICAL_DROP}`,
    for: '1m',
    severity: 'critical',
    summary: `No SNAT ports left: ${SPACE}`,
    description:
      '{{ $value | humanizePercentage }} of new connections to this destination find no port. portolan diagnose on the node says who holds the ports; portolan plan says what helps.',
    page: 'docs/checks/exhausted.md',
  },
  {
    name: 'PortolanPortsNearlyExhausted',
    expression: `${LIVE} > ${NEARING_SHARE} or portolan_port_space_drop_probability > ${NEARING_DROP}`,
    for: '5m',
    severity: 'warning',
    summary: `SNAT ports nearly used up: ${SPACE}`,
    description:
      'So many ports of the range are held by open connections towards this destination that a few more will be lost.',
    page: 'docs/checks/nearing.md',
  },
  {
    name: 'PortolanPortsFillSoon',
    expression: 'portolan_port_space_full_in_seconds < 900',
    for: '5m',
    severity: 'warning',
    summary: `SNAT ports run out within 15 minutes: ${SPACE}`,
    description:
      'At the present growth every port towards this destination is in use in {{ $value | humanizeDuration }}.',
    page: 'docs/checks/nearing.md',
  },
  {
    name: 'PortolanPacketsLostToExhaustion',
    expression: 'rate(portolan_lost_packets_total{cause="exhaustion"}[5m]) > 0.1',
    for: '2m',
    severity: 'critical',
    summary: 'Packets are lost because no SNAT port is found on {{ $labels.instance }}',
    description: '{{ $value | humanize }} packets a second. portolan diagnose on the node names the destination.',
    page: 'docs/checks/exhausted.md',
  },
  {
    name: 'PortolanPacketsLostToRaces',
    expression: 'rate(portolan_lost_packets_total{cause="race"}[5m]) > 0.1',
    for: '5m',
    severity: 'warning',
    summary: 'Packets are lost because two connections pick one port at once on {{ $labels.instance }}',
    description: '{{ $value | humanize }} packets a second. Rules with random-fully pick ports at random.',
    page: 'docs/checks/race.md',
  },
  {
    name: 'PortolanConntrackTableNearlyFull',
    expression: 'portolan_conntrack_entries / portolan_conntrack_entries_limit > 0.9',
    for: '5m',
    severity: 'warning',
    summary: 'The conntrack table is nearly full on {{ $labels.instance }}',
    description:
      '{{ $value | humanizePercentage }} of nf_conntrack_max. A full table drops new connections of every kind.',
    page: 'docs/checks/table-full.md',
  },
  {
    name: 'PortolanClaimInRange',
    expression: `sum without (check, severity) (portolan_findings{check="conflict",${BAD}}) > 0`,
    for: '15m',
    severity: 'warning',
    summary: "Somebody else's port is inside the SNAT range of {{ $labels.instance }}, and traffic is lost to it",
    description: 'Conflicts: {{ $value }}. portolan diagnose on the node names them.',
    page: 'docs/checks/conflict.md',
  },
  {
    name: 'PortolanFinding',
    expression: `sum without (severity) (portolan_findings{check=~"${OTHER_CHECKS}",${BAD}}) > 0`,
    for: '15m',
    severity: 'warning',
    summary: 'portolan diagnose finds {{ $labels.check }} on {{ $labels.instance }}',
    description: 'docs/checks/{{ $labels.check }}.md says what that is and what helps.',
    page: 'docs/checks/README.md',
  },
  {
    name: 'PortolanAgentNotCurrent',
    expression: 'portolan_agent_current == 0',
    for: '5m',
    severity: 'warning',
    summary: 'The agent of {{ $labels.instance }} loses events and its resyncs do not catch up',
    description: 'Its counts of connections may be wrong. The overruns are in portolan_agent_event_overruns_total.',
    page: 'docs/reference/agent.md',
  },
  {
    name: 'PortolanAgentBlind',
    expression: 'portolan_agent_gaps{gap=~"flows|events|conntrack-absent"} == 1',
    for: '10m',
    severity: 'warning',
    summary: 'The agent of {{ $labels.instance }} cannot see {{ $labels.gap }}',
    description: 'It says nothing about what it does not see; mostly CAP_NET_ADMIN or the host network is missing.',
    page: 'docs/reference/agent.md',
  },
  {
    name: 'PortolanAgentStale',
    expression: 'time() - portolan_agent_report_timestamp_seconds > 120',
    for: '2m',
    severity: 'warning',
    summary: 'The figures of {{ $labels.instance }} are {{ $value | humanizeDuration }} old',
    description: 'The agent answers, but the thread that watches the node does not.',
    page: 'docs/reference/agent.md',
  },
  {
    name: 'PortolanPodNamesOld',
    expression: `portolan_agent_pods_age_seconds > 600 or portolan_agent_gaps{gap="pods"} == 1 unless on (job, instance) portolan_agent_pods_age_seconds`,
    for: '5m',
    severity: 'warning',
    summary: 'The agent of {{ $labels.instance }} does not know which pods run there now',
    description:
      'Connections are counted right, but for the pods of ten minutes ago, or for none: the API server is away from the agent, or refuses it. The log of the agent says which.',
    page: 'docs/reference/agent.md',
  },
  {
    name: 'PortolanAgentNotHeard',
    expression: 'portolan_agent_publishing == 0',
    for: '15m',
    severity: 'warning',
    summary: 'The API server does not take what the agent of {{ $labels.instance }} tells of its node',
    description:
      'The condition SNATPortPressure or its Events are missing or old, so whoever reads them sees nothing. The log of the agent names the right that is missing, or says that the API server is away.',
    page: 'docs/reference/agent.md',
  },
  {
    name: 'PortolanAgentReducedDetail',
    expression: 'portolan_agent_detail_level > 0',
    for: '30m',
    severity: 'info',
    summary: 'The agent of {{ $labels.instance }} gave up detail to keep within its CPU budget',
    description: 'Totals are right all the same. Raise --cpu, or accept fewer figures per destination.',
    page: 'docs/reference/agent.md',
  },
];

/** The groups of a rule file. */
export function ruleGroups() {
  return {
    groups: [
      {
        name: 'portolan',
        rules: ALERTS.map((alert) => ({
          alert: alert.name,
          expr: alert.expression,
          for: alert.for,
          labels: { severity: alert.severity },
          annotations: { summary: alert.summary, description: alert.description, runbook: alert.page },
        })),
      },
    ],
  };
}

/** The same as an object of the Prometheus operator. */
export function prometheusRule() {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'portolan', labels: { 'app.kubernetes.io/name': 'portolan' } },
    spec: ruleGroups(),
  };
}
