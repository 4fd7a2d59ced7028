import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { objectTitle } from './change.ts';
import { MOST_NODE_OBJECTS, type RangeCourse, batchesOf, rangeSteps } from './range-steps.ts';

const COURSE: RangeCourse = {
  apiVersion: 'crd.projectcalico.org/v1',
  range: '4790:65535',
  object: 'default',
  nodes: ['a', 'b', 'c', 'd'],
  batchSize: 2,
  isAtOnce: false,
  verifies: true,
  configurations: [],
};

const ANY_COURSE = fc.record({
  count: fc.nat({ max: 450 }),
  batchSize: fc.nat({ max: 60 }),
  object: fc.constantFrom('default', 'egress', undefined),
  isAtOnce: fc.boolean(),
  verifies: fc.boolean(),
});

function courseOf({
  count,
  ...rest
}: { count: number } & Omit<RangeCourse, 'apiVersion' | 'range' | 'nodes' | 'configurations'>) {
  return { ...COURSE, ...rest, nodes: Array.from({ length: count }, (_, index) => `node-${index}`) };
}

describe('the steps of a range', () => {
  it('are one node, batches, the object, and the way back of what was only a step', () => {
    const { steps, objects } = rangeSteps(COURSE);
    expect(steps.map((step) => [step.do, ...(step.do === 'verify' ? step.nodes : step.objects)].join(' '))).toEqual([
      'write FelixConfiguration node.a',
      'verify a',
      'write FelixConfiguration node.b FelixConfiguration node.c',
      'verify b c',
      'write FelixConfiguration node.d',
      'verify d',
      'write FelixConfiguration default',
      'take-back FelixConfiguration node.a FelixConfiguration node.b FelixConfiguration node.c FelixConfiguration node.d',
      'verify a b c d',
    ]);
    expect(objects.map(({ role }) => role)).toEqual(['step', 'step', 'step', 'step', 'lasting']);
  });

  it('verify a node before the next is written, take every step object back once, and bound their number', () => {
    fc.assert(
      fc.property(ANY_COURSE, (wish) => {
        const course = courseOf(wish);
        const { steps, objects } = rangeSteps(course);
        const written = steps.flatMap((step) => (step.do === 'write' ? step.objects : []));
        const back = steps.flatMap((step) => (step.do === 'take-back' ? step.objects : []));
        const titles = objects.map(({ ref }) => objectTitle(ref));
        expect([...written].toSorted()).toEqual([...titles].toSorted());
        const temporary = objects.filter(({ role }) => role === 'step').map(({ ref }) => objectTitle(ref));
        expect([...back].toSorted()).toEqual([...temporary].toSorted());
        if (course.object !== undefined) expect(temporary.length).toBeLessThanOrEqual(MOST_NODE_OBJECTS);
        expect(steps.every(({ state }) => state === 'open')).toBe(true);
        const verified = steps.flatMap((step) => (step.do === 'verify' ? step.nodes : []));
        expect(new Set(verified)).toEqual(new Set(course.verifies ? course.nodes : []));
        if (course.verifies)
          steps.forEach((step, index) => {
            if (step.do === 'write' && course.nodes.length > 0 && index + 1 < steps.length)
              expect(['verify', 'take-back']).toContain(steps[index + 1]?.do);
          });
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('have the canary alone in the first batch and every node in at most one', () => {
    fc.assert(
      fc.property(ANY_COURSE, (wish) => {
        const course = courseOf(wish);
        const batches = batchesOf(course);
        expect(batches[0] ?? []).toHaveLength(Math.min(1, course.nodes.length));
        expect(new Set(batches.flat()).size).toBe(batches.flat().length);
        if (course.object === undefined) expect(batches.flat()).toHaveLength(course.nodes.length);
      }),
      { seed: 2, numRuns: 300 },
    );
  });
});
