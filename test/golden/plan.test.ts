import { describe, expect, it } from 'vitest';
import { withApplyCommands } from '../../src/cli/plan/apply-commands.ts';
import { planForFigures } from '../../src/cli/plan/make-plan.ts';
import { parsePlan } from '../../src/cli/plan/parse-plan.ts';
import { eraBehaviour } from '../../src/core/alloc/kernel-era.ts';
import { TCP } from '../../src/core/model/protocol.ts';
import { ANSI_PALETTE } from '../../src/present/palette.ts';
import { planDocument } from '../../src/present/plan/plan-document.ts';
import { formatPlanExplained } from '../../src/present/plan/plan-explain.ts';
import { formatPlanMarkdown } from '../../src/present/plan/plan-markdown.ts';
import { formatPlanTable } from '../../src/present/plan/plan-table.ts';
import { DEFAULT_STYLE } from '../../src/present/style.ts';
import { ASCII_SYMBOLS } from '../../src/present/symbols.ts';
import { matchGolden } from './match-golden.ts';
import { SAMPLE_PLANS } from './sample-plans.ts';

const PLANS = Object.entries(SAMPLE_PLANS).map(
  ([name, plan]) => [name, withApplyCommands(plan, { savedAs: 'plan.json', choice: {} })] as const,
);
const NARROW = { ...DEFAULT_STYLE, width: 80 };
const ASCII = { ...DEFAULT_STYLE, symbols: ASCII_SYMBOLS };

describe('the screen of a plan', () => {
  it.each(PLANS)('%s at 100 columns', (name, plan) => {
    matchGolden(`plan-${name}.100.txt`, formatPlanTable(plan, { style: DEFAULT_STYLE }));
  });

  it.each(PLANS)('%s at 80 columns', (name, plan) => {
    matchGolden(`plan-${name}.80.txt`, formatPlanTable(plan, { style: NARROW }));
  });

  it('in ASCII', () => {
    matchGolden('plan-churn.ascii.txt', formatPlanTable(SAMPLE_PLANS.churn, { style: ASCII }));
  });

  it.each(PLANS)('%s keeps to its width, on one screen, with the next command last', (_, plan) => {
    for (const style of [DEFAULT_STYLE, NARROW, { ...DEFAULT_STYLE, width: 60 }]) {
      const lines = formatPlanTable(plan, { style }).trimEnd().split('\n');
      expect(lines.filter((line) => line.length > style.width)).toEqual([]);
      expect(lines.filter((line) => line !== line.trimEnd())).toEqual([]);
      if (style.width > 60) expect(lines.length).toBeLessThanOrEqual(50);
      expect(lines.at(-1)).toMatch(/^Next: /);
    }
  });

  it.each(PLANS)('%s says the same with colour and without, and has an ASCII twin', (_, plan) => {
    const plain = formatPlanTable(plan, { style: DEFAULT_STYLE });
    const colored = formatPlanTable(plan, { style: { ...DEFAULT_STYLE, palette: ANSI_PALETTE } });
    expect(colored).not.toBe(plain);
    expect(stripSgr(colored)).toBe(plain);
    expect(formatPlanTable(plan, { style: ASCII })).toMatch(/^[\n -~]*$/);
    expect(formatPlanExplained(plan, { style: ASCII })).toMatch(/^[\n -~]*$/);
  });

  it('makes only the word of the goal stand out, however often its line breaks', () => {
    const style = { ...DEFAULT_STYLE, width: 60, palette: ANSI_PALETTE };
    const lines = formatPlanTable(SAMPLE_PLANS.churn, { style }).split('\n');
    const goal = lines.slice(
      0,
      lines.findIndex((line) => line.startsWith('Today')),
    );
    expect(goal.length).toBeGreaterThan(1);
    expect(goal[0]?.startsWith('\u001b[1mGoal:\u001b')).toBe(true);
    expect(goal.slice(1).join('')).not.toContain('\u001b');
  });

  it('does not tell of a range that hurts what a smaller one lacks', () => {
    const destination = { protocol: TCP, remoteAddress: '203.0.113.9', remotePort: 443 };
    const asked = { at: '2026-11-22T03:12:00Z', goal: { targetDrop: 0.001, loadFactor: 2 }, whatIfs: [] };
    const plan = planForFigures({ ...destination, perSecond: 300, holdSeconds: 120 }, asked);
    const screen = formatPlanTable(plan, { style: DEFAULT_STYLE });
    expect(screen).toMatch(/natPortRange 1025:65535 .*\n +not worth it: 1 in 65,500 flows/);
    expect(screen).toMatch(/4790:65535 .*\n +risk: Egress may leave from NodePorts/);
    expect(screen).not.toContain('harmless here');
  });

  it('says where it was saved', () => {
    expect(formatPlanTable(SAMPLE_PLANS.churn, { style: DEFAULT_STYLE, savedAs: 'p.json' })).toContain(
      '\nSaved: p.json\nNext: ',
    );
  });
});

describe("the page's two causes, as they are planned for", () => {
  const asked = { at: '2026-11-22T03:12:00Z', goal: { targetDrop: 0.001, loadFactor: 1 }, whatIfs: [] };
  const destination = { protocol: TCP, remoteAddress: '203.0.113.9', remotePort: 443 };
  const cluster = {
    nodes: 6,
    pods: 4,
    hottestShare: 1,
    podCidrs: ['10.244.0.0/16'],
    workload: { namespace: 'payments', kind: 'deployment', name: 'checkout' },
  };

  it.each([
    ['open at once', 'open', { flows: 40_000 }],
    ['opened within minutes', 'opened', { perSecond: 300, holdSeconds: 121, behaviour: eraBehaviour('5.0') }],
  ] as const)('more than 30,000 connections %s', (_, name, load) => {
    const plan = planForFigures({ ...destination, ...cluster, ...load }, asked);
    matchGolden(`plan-page-${name}.100.txt`, formatPlanTable(plan, { style: DEFAULT_STYLE }));
    matchGolden(`plan-page-${name}.explain.txt`, formatPlanExplained(plan, { style: DEFAULT_STYLE }));
    expect(parsePlan(JSON.stringify(planDocument(plan)), 'plan.json')).toEqual(plan);
  });
});

describe('the other forms of a plan', () => {
  it.each(PLANS)('%s explained', (name, plan) => {
    matchGolden(`plan-${name}.explain.txt`, formatPlanExplained(plan, { style: DEFAULT_STYLE }));
  });

  it('gives commands from the first column on, whole', () => {
    const text = formatPlanExplained(SAMPLE_PLANS.churn, { style: NARROW });
    for (const { command, undo } of SAMPLE_PLANS.churn.remedies.filter(({ rank }) => rank !== undefined))
      for (const part of [command, undo]) if (part !== undefined) expect(text).toContain(`\n${part}\n`);
  });

  it.each(['churn', 'held', 'impossible', 'what-if'] as const)('%s as Markdown', (name) => {
    matchGolden(`plan-${name}.md`, formatPlanMarkdown(SAMPLE_PLANS[name], DEFAULT_STYLE));
  });

  it.each(['churn', 'held', 'blind', 'what-if'] as const)('%s as JSON', (name) => {
    matchGolden(`plan-${name}.json.txt`, `${JSON.stringify(planDocument(SAMPLE_PLANS[name]), null, 2)}\n`);
  });

  it.each(Object.entries(SAMPLE_PLANS))('%s as JSON reads back to the same plan', (_, plan) => {
    expect(parsePlan(JSON.stringify(planDocument(plan)), 'plan.json')).toEqual(plan);
  });

  it('JSON says null for what is not known, never nothing', () => {
    for (const [, plan] of PLANS)
      expect(JSON.stringify(planDocument(plan), (_, value: unknown) => value ?? null)).toBe(
        JSON.stringify(planDocument(plan)),
      );
  });
});

/** Takes SGR sequences out of text. */
function stripSgr(text: string): string {
  return text
    .split('\u001b')
    .map((part, index) => (index === 0 ? part : part.slice(part.indexOf('m') + 1)))
    .join('');
}
