// A Grafana dashboard over the metrics: first whether ports run out and where, then who holds them, then the agent itself.

interface Panel {
  readonly title: string;
  readonly description: string;
  readonly kind: 'stat' | 'timeseries' | 'table';
  /** Of 24 columns. */
  readonly width: number;
  readonly unit: string;
  readonly targets: readonly { readonly expression: string; readonly legend: string }[];
}

const NODE = 'instance=~"$instance"';
const SPACE = '{{protocol}} {{remote}} via {{snat_address}} ({{instance}})';
const HEIGHT = 8;
const COLUMNS = 24;

const PANELS: readonly Panel[] = [
  {
    title: 'Nodes by severity',
    description: 'What the last diagnosis of each node says.',
    kind: 'stat',
    width: 6,
    unit: 'none',
    targets: [{ expression: `sum by (severity) (portolan_severity{${NODE}})`, legend: '{{severity}}' }],
  },
  {
    title: 'Chance that a new connection finds no port',
    description: 'Per destination; 1 in 1,000 is worth a look, 1 in 100 an alarm.',
    kind: 'timeseries',
    width: 18,
    unit: 'percentunit',
    targets: [{ expression: `topk(10, portolan_port_space_drop_probability{${NODE}})`, legend: SPACE }],
  },
  {
    title: 'Ports in use, share of the range',
    description: 'Live and closing ports together, of the fullest destinations.',
    kind: 'timeseries',
    width: 12,
    unit: 'percentunit',
    targets: [
      {
        expression: `topk(10, sum without (state) (portolan_port_space_ports{${NODE}}) / portolan_port_space_capacity_ports)`,
        legend: SPACE,
      },
    ],
  },
  {
    title: 'Seconds until every port is in use',
    description: 'At the present growth; no line: it does not grow.',
    kind: 'timeseries',
    width: 12,
    unit: 's',
    targets: [{ expression: `bottomk(10, portolan_port_space_full_in_seconds{${NODE}})`, legend: SPACE }],
  },
  {
    title: 'Packets lost a second, by cause',
    description: 'exhaustion: no port was free; race: another connection took it first; table: conntrack was full.',
    kind: 'timeseries',
    width: 12,
    unit: 'pps',
    targets: [
      {
        expression: `sum by (instance, cause) (rate(portolan_lost_packets_total{${NODE}}[5m]))`,
        legend: '{{cause}} ({{instance}})',
      },
    ],
  },
  {
    title: 'New connections a second',
    description: 'Translated ones.',
    kind: 'timeseries',
    width: 12,
    unit: 'cps',
    targets: [
      { expression: `sum by (instance) (rate(portolan_new_flows_total{${NODE}}[5m]))`, legend: '{{instance}}' },
    ],
  },
  {
    title: 'Who holds the ports',
    description: 'The largest holders over all destinations, by workload where it is known.',
    kind: 'table',
    width: 12,
    unit: 'none',
    targets: [
      {
        expression: `topk(20, sum by (instance, workload, namespace, pod, source) (portolan_source_flows{${NODE}}))`,
        legend: '{{workload}} {{source}}',
      },
    ],
  },
  {
    title: 'Conntrack table',
    description: 'Entries over nf_conntrack_max.',
    kind: 'timeseries',
    width: 12,
    unit: 'percentunit',
    targets: [
      {
        expression: `portolan_conntrack_entries{${NODE}} / portolan_conntrack_entries_limit`,
        legend: '{{instance}}',
      },
    ],
  },
  {
    title: 'The agent: CPU',
    description: 'Of one CPU.',
    kind: 'timeseries',
    width: 8,
    unit: 'percentunit',
    targets: [
      {
        expression: `rate(process_cpu_seconds_total{${NODE}}[5m]) and on (instance) portolan_agent_info`,
        legend: '{{instance}}',
      },
    ],
  },
  {
    title: 'The agent: events a second',
    description: 'And overruns: each is followed by a resync.',
    kind: 'timeseries',
    width: 8,
    unit: 'ops',
    targets: [
      { expression: `rate(portolan_agent_events_total{${NODE}}[5m])`, legend: 'events ({{instance}})' },
      { expression: `rate(portolan_agent_event_overruns_total{${NODE}}[5m])`, legend: 'overruns ({{instance}})' },
    ],
  },
  {
    title: 'The agent: memory',
    description: 'Resident.',
    kind: 'timeseries',
    width: 8,
    unit: 'bytes',
    targets: [
      {
        expression: `process_resident_memory_bytes{${NODE}} and on (instance) portolan_agent_info`,
        legend: '{{instance}}',
      },
    ],
  },
];

/** The dashboard as Grafana imports it. */
export function dashboard() {
  return {
    uid: 'portolan',
    title: 'Portolan: SNAT ports',
    tags: ['portolan', 'snat'],
    schemaVersion: 39,
    editable: true,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Data source' },
        {
          name: 'instance',
          type: 'query',
          label: 'Node',
          datasource: DATASOURCE,
          query: { query: 'label_values(portolan_agent_info, instance)', refId: 'instance' },
          refresh: 2,
          multi: true,
          includeAll: true,
        },
      ],
    },
    panels: placed(PANELS),
  };
}

const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

function placed(panels: readonly Panel[]) {
  let x = 0;
  let y = 0;
  return panels.map((panel, index) => {
    if (x + panel.width > COLUMNS) {
      x = 0;
      y += HEIGHT;
    }
    const at = { h: HEIGHT, w: panel.width, x, y };
    x += panel.width;
    return panelObject(panel, { id: index + 1, at });
  });
}

function panelObject(panel: Panel, { id, at }: { readonly id: number; readonly at: object }) {
  return {
    id,
    title: panel.title,
    description: panel.description,
    type: panel.kind,
    datasource: DATASOURCE,
    gridPos: at,
    fieldConfig: { defaults: { unit: panel.unit, min: 0 }, overrides: [] },
    targets: panel.targets.map(({ expression, legend }, index) => ({
      refId: String.fromCharCode(65 + index),
      datasource: DATASOURCE,
      expr: expression,
      legendFormat: legend,
      ...(panel.kind === 'table' ? { format: 'table', instant: true } : {}),
    })),
  };
}

/** Every expression of the dashboard, for checks. */
export function dashboardExpressions(): readonly string[] {
  return PANELS.flatMap(({ targets }) => targets.map(({ expression }) => expression));
}
