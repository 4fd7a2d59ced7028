import { describe, expect, it } from 'vitest';
import {
  CHANGE_SCHEMA,
  type ChangeJournal,
  VERIFY_LEVELS,
  type VerifyLevel,
} from '../../src/core/advice/change/change.ts';
import type { NodeCheck } from '../../src/core/advice/change/node-check.ts';
import { planRangeChange } from '../../src/core/advice/change/plan-range-change.ts';
import { changeDocument, previewDocument } from '../../src/present/change/change-document.ts';
import { checksDocument, formatChecks } from '../../src/present/change/check-table.ts';
import { formatPreview } from '../../src/present/change/preview-text.ts';
import { formatResult, outcomeText } from '../../src/present/change/result-text.ts';
import { formatChange, formatHistory, nextForChange } from '../../src/present/change/status-text.ts';
import { DEFAULT_STYLE, type Style } from '../../src/present/style.ts';
import { ASCII_SYMBOLS } from '../../src/present/symbols.ts';
import { configuration, seen } from '../analysis/felix-facts-fixture.ts';
import { matchGolden } from './match-golden.ts';
import { SAMPLE_RANGES } from './sample-cluster-ranges.ts';

const MEMBER = {
  kind: 'load-balancer-member',
  protocol: 6,
  owner: 'Service payments/lb',
  source: 'API services',
} as const;

const PLANNED = planRangeChange(
  {
    cluster: SAMPLE_RANGES.quiet,
    apiVersion: 'crd.projectcalico.org/v1',
    configurations: [configuration('default', '32768:65535')],
    facts: {
      vxlanPort: seen(undefined),
      nodePortPlane: 'kube-proxy-iptables',
      memberPorts: seen([{ ...MEMBER, ports: { first: 31_313, last: 31_313 } }]),
    },
  },
  {
    range: '4790:65535',
    target: { object: 'default', nodes: [] },
    canary: 'worker-3',
    batchSize: 3,
    verify: 'rules',
    accepted: [],
  },
);

const JOURNAL: ChangeJournal = {
  schema: CHANGE_SCHEMA,
  id: '7f3a',
  title: PLANNED.preview.title,
  range: '4790:65535',
  by: 'jane',
  at: '2026-11-22T15:00:00.000Z',
  tool: '0.1.0',
  state: 'stopped',
  note: 'Cannot write FelixConfiguration default: spec.natPortRange is "10000:65535" now, written by kubectl-patch at 2026-11-22T15:01:00Z, wanted it as it was read',
  verify: 'rules',
  timeoutSeconds: 120,
  accepted: ['payments/lb'],
  objects: PLANNED.objects.map((object, index) =>
    index === 0 ? { ...object, intendedAt: '2026-11-22T15:00:01.000Z' } : object,
  ),
  steps: PLANNED.steps.map((step, index) => {
    if (index > 2) return step;
    return { ...step, state: index < 2 ? ('done' as const) : ('intended' as const), at: '2026-11-22T15:00:02.000Z' };
  }),
  nodes: [
    {
      node: 'worker-3',
      outcome: 'verified',
      evidence: 'rule 4790-65535 for TCP and UDP; Felix ready, took 4790:65535',
      seconds: 2.9,
      flowsInside: 212,
      flowsSeen: 212,
      oldFlows: 3204,
    },
    {
      node: 'worker-1',
      outcome: 'felix-only',
      evidence: 'rules not read: forbidden; Felix ready, took 4790:65535',
      seconds: 3,
    },
    { node: 'worker-2', outcome: 'failed', evidence: 'not within 120 s: rule 32768-65535', seconds: 120.4 },
  ],
};

const CHECKS: readonly NodeCheck[] = [
  {
    node: 'worker-1',
    outcome: 'as-configured',
    configured: '4790-65535',
    installed: '4790-65535',
    why: 'rules and Felix as configured',
    outsideFlows: 12,
  },
  {
    node: 'worker-2',
    outcome: 'differs',
    configured: '4790-65535',
    installed: '32768-65535',
    why: 'the rules give TCP 32768-65535 and UDP 32768-65535',
    outsideFlows: 0,
  },
  { node: 'worker-3', outcome: 'not-seen', configured: '4790-65535', why: 'rules not read: exec is forbidden' },
];

const styleOf = (width: number): Style => ({ ...DEFAULT_STYLE, width });
const json = (document: object): string => `${JSON.stringify(document, null, 2)}\n`;

describe('a change of a cluster', () => {
  it('before it is made', () => {
    for (const width of [100, 80])
      matchGolden(`change-preview.${width}.txt`, formatPreview(PLANNED.preview, styleOf(width)));
    matchGolden('change-preview.json.txt', json(previewDocument(PLANNED.preview, 'server')));
  });

  it('before it is made: a layer that nobody read is no news where the rules on the node will tell', () => {
    const remark = {
      id: 'layer-not-read',
      severity: 'warning',
      sentence: 'felix.cfg was not read',
      nodes: [],
    } as const;
    const shownWith = (verify: VerifyLevel): boolean =>
      formatPreview({ ...PLANNED.preview, remarks: [remark], verify }, DEFAULT_STYLE).includes('felix.cfg');
    expect(VERIFY_LEVELS.filter(shownWith)).toEqual(['ready', 'none']);
  });

  it('on its way', () => {
    const text = [
      ...JOURNAL.nodes.map((result) => formatResult(result, styleOf(100))),
      outcomeText(JOURNAL, 41),
      formatChange(JOURNAL, { style: styleOf(100), lastSign: '2026-11-22T15:01:00.000Z' }),
      formatHistory([{ ...JOURNAL, state: 'done' }], styleOf(100)),
      nextForChange(JOURNAL, styleOf(100)),
    ];
    matchGolden('change.100.txt', `${text.join('\n')}\n`);
    const next = nextForChange(JOURNAL, DEFAULT_STYLE);
    matchGolden('change.json.txt', json(changeDocument(JOURNAL, { place: 'portolan/portolan-change-7f3a', next })));
  });

  it('as the nodes show it', () => {
    matchGolden('verify.100.txt', formatChecks(CHECKS, styleOf(100)));
    matchGolden('verify.json.txt', json(checksDocument(CHECKS, 'prod-eu')));
  });

  it('without Unicode', () => {
    const style = { ...DEFAULT_STYLE, symbols: ASCII_SYMBOLS };
    const texts = [
      formatPreview(PLANNED.preview, style),
      formatChecks(CHECKS, style),
      ...JOURNAL.nodes.map((result) => formatResult(result, style)),
    ];
    for (const text of texts) expect(text).toMatch(/^[\n\x20-\x7e]*$/);
  });
});
