import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SAMPLE_PLANS } from '../../../test/golden/sample-plans.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { planDocument } from '../../present/plan/plan-document.ts';
import { formatPlanExplained } from '../../present/plan/plan-explain.ts';
import { DEFAULT_STYLE } from '../../present/style.ts';
import { isPlanText, parsePlan } from './parse-plan.ts';

const SAVED = JSON.stringify(planDocument(SAMPLE_PLANS['what-if']));

function messageOf(json: string): string {
  try {
    parsePlan(json, 'plan.json');
    return '';
  } catch (error) {
    if (!(error instanceof PortolanError)) throw error;
    expect(error.code).toBe('PTL_PLAN_FILE');
    return error.message;
  }
}

/** The saved plan with one place changed. */
function changed(change: (plan: ReturnType<typeof planDocument>) => object): string {
  return JSON.stringify(change(planDocument(SAMPLE_PLANS['what-if'])));
}

describe('parsePlan', () => {
  it('refuses what is no plan, and a newer one, by name', () => {
    expect(messageOf('')).toBe('Cannot read plan.json: not JSON, wanted a plan saved with --out');
    expect(messageOf('[]')).toBe('Cannot read plan.json: not a plan, wanted portolan.dev/plan/v1');
    expect(messageOf('{"schema":"portolan.dev/plan/v2"}')).toBe(
      'Cannot read plan.json: portolan.dev/plan/v2, wanted portolan.dev/plan/v1',
    );
    expect(messageOf('{"schema":"portolan.dev/output/diagnosis/v1"}')).toMatch(/not a plan but another document/);
  });

  it('names every wrong place, at most ten', () => {
    expect(messageOf(changed((plan) => ({ ...plan, at: 1, goal: { ...plan.goal, loadFactor: '2' } })))).toBe(
      'Cannot read plan.json: at: 1, wanted text on one line without control characters\nCannot read plan.json: goal.loadFactor: "2", wanted a number from 0 to 1000000000000000',
    );
    expect(messageOf('{"schema":"portolan.dev/plan/v1"}').split('\n')).toHaveLength(10);
    const many = changed((plan) => ({ ...plan, remedies: plan.remedies.map(() => ({})) }));
    expect(messageOf(many).split('\n').at(-1)).toMatch(/^and \d+ more$/);
  });

  it('reads what takes packets to NodePorts, also where an older plan does not say it', () => {
    const planeOf = (nodePortPlane: unknown) =>
      parsePlan(
        changed((plan) => ({
          ...plan,
          situation: { ...plan.situation, ports: { ...plan.situation.ports, nodePortPlane } },
        })),
        'plan.json',
      ).situation.ports.nodePortPlane;
    expect(planeOf('kube-proxy-ipvs')).toBe('kube-proxy-ipvs');
    for (const nothing of [null, undefined]) expect(planeOf(nothing)).toBeUndefined();
    expect(() => planeOf('of wood')).toThrow('nodePortPlane: "of wood", wanted');
  });

  it('refuses a range that ends before it begins', () => {
    const turned = changed((plan) => {
      const { situation } = plan;
      return {
        ...plan,
        situation: { ...situation, ports: { ...situation.ports, ranges: [{ firstPort: 9, lastPort: 3 }] } },
      };
    });
    expect(messageOf(turned)).toBe(
      'Cannot read plan.json: situation.ports.ranges[0]: 9-3, wanted a range whose lastPort is not below its firstPort',
    );
  });

  it('reads no escape sequence that a terminal would obey', () => {
    for (const evil of ['\u001b[2J', 'a\nb', '\u0085', '\u202e'])
      expect(messageOf(changed((plan) => ({ ...plan, conclusion: evil })))).toMatch(
        /conclusion: .*wanted text on one line/,
      );
    expect(messageOf(changed((plan) => ({ ...plan, conclusion: '\u001b[2J' })))).not.toContain('\u001b');
    const [first] = planDocument(SAMPLE_PLANS.churn).remedies;
    expect(messageOf(changed((plan) => ({ ...plan, remedies: [{ ...first, command: 'rm\u001b[8m' }] })))).toMatch(
      /command/,
    );
  });

  it('leaves keys alone that a later version may add', () => {
    expect(messageOf(changed((plan) => ({ ...plan, later: 1, today: { ...plan.today, later: {} } })))).toBe('');
  });

  it('whatever is changed: a plan that can be shown, or a message', () => {
    const places = fc.nat({ max: SAVED.length - 1 });
    fc.assert(
      fc.property(places, fc.constantFrom('"', '9', '-', '{', ']', 'null', ',', 'e', '\\u0007'), (place, piece) => {
        const json = SAVED.slice(0, place) + piece + SAVED.slice(place + 1);
        if (messageOf(json) !== '') return;
        expect(formatPlanExplained(parsePlan(json, 'plan.json'), { style: DEFAULT_STYLE })).not.toContain('\u0007');
      }),
      { seed: 5, numRuns: 2000 },
    );
  });

  it('cut anywhere: a message', () => {
    for (let length = 0; length < SAVED.length; length += 7) expect(messageOf(SAVED.slice(0, length))).not.toBe('');
  });
});

describe('isPlanText', () => {
  it.each([
    [SAVED, true],
    ['{"schema":"portolan.dev/plan/v9"}', true],
    ['{"schema":"portolan.dev/planet/v1"}', false],
    ['{}', false],
    ['plan', false],
    ['null', false],
  ])('%.40s: %s', (text, is) => expect(isPlanText(text)).toBe(is));
});
