import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Labels, parseNodeSelector } from './node-selector.ts';

const WORKER: Labels = {
  pool: 'egress',
  zone: 'eu-de-1',
  'kubernetes.io/hostname': 'worker-3',
  empty: '',
  contains: 'contains',
};

function matches(text: string, labels: Labels = WORKER): boolean {
  const parsed = parseNodeSelector(text);
  if (!parsed.ok) throw new Error(`${text}: at ${parsed.at}, wanted ${parsed.wanted}`);
  return parsed.matches(labels);
}

describe('what matches', () => {
  it.each([
    `pool == "egress"`,
    `pool=='egress'`,
    `pool != "batch"`,
    `absent != "x"`,
    `absent not in {"x"}`,
    `pool in {"batch", "egress"}`,
    `pool in{"egress",}`,
    `pool not in {}`,
    `pool notin {"batch"}`,
    `zone contains "de"`,
    `zone starts with "eu-"`,
    `zone startswith"eu-"`,
    `zone ends with '-1'`,
    `contains contains "contains"`,
    `empty == ""`,
    `has(pool)`,
    `has( kubernetes.io/hostname )`,
    `!has(absent)`,
    `!!has(pool)`,
    `! has(absent)`,
    `all()`,
    `all( )`,
    `global()`,
    ``,
    ` \t `,
    `has(absent) && has(absent) || has(pool)`,
    `has(pool) || has(absent) && has(absent)`,
    `!(pool == "batch" || zone == "eu-de-2")`,
    `(((pool == "egress")))`,
    `kubernetes.io/hostname == "worker-3" && (zone == "eu-de-1" || zone == "eu-de-2")`,
  ])('%s', (text) => expect(matches(text)).toBe(true));
});

describe('what does not match', () => {
  it.each([
    `pool == "batch"`,
    `pool == "Egress"`,
    `pool != "egress"`,
    `absent == ""`,
    `absent in {""}`,
    `absent contains ""`,
    `absent starts with ""`,
    `pool in {}`,
    `pool not in {"egress"}`,
    `has(constructor)`,
    `!all()`,
    `!has(pool) || has(absent)`,
    `(has(pool) || has(absent)) && has(absent)`,
  ])('%s', (text) => expect(matches(text)).toBe(false));
});

describe('what is not understood', () => {
  it.each([
    [`pool`, 4, /operator/],
    [`pool = "egress"`, 5, /==/],
    [`pool == egress`, 8, /quotes/],
    [`pool == "egress`, 8, /closing "/],
    [`pool == "egress" &`, 17, /&&/],
    [`pool == "egress" &&`, 19, /label/],
    [`pool == "egress" has(zone)`, 17, /the end/],
    [`(pool == "egress"`, 17, /closing \)/],
    [`pool == "egress")`, 16, /the end/],
    [`pool in "egress"`, 8, /braces/],
    [`pool in {"egress"`, 17, /\}/],
    [`pool in {,}`, 9, /\}/],
    [`pool starts "e"`, 5, /operator/],
    [`pool squiggles "e"`, 5, /operator/],
    [`has()`, 0, /label inside/],
    [`has(pool`, 0, /closing/],
    [`all(pool)`, 0, /closing/],
    [`has(pool)\n`, 9, /label/],
    [`pool == "a" || ü == "b"`, 15, /label/],
    [`!`, 1, /label/],
    [`()`, 1, /label/],
    [`${'('.repeat(300)}all()${')'.repeat(300)}`, 200, /200/],
  ] as const)('%s', (text, at, wanted) => {
    expect(parseNodeSelector(text)).toEqual({ ok: false, at, wanted: expect.stringMatching(wanted) });
  });

  it('is said for any text, never thrown', () => {
    const words = fc.constantFrom(
      'a',
      'b',
      '==',
      '!=',
      '"x"',
      'in',
      '{',
      '}',
      '(',
      ')',
      '&&',
      '||',
      '!',
      'has(a)',
      ' ',
      "'",
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(words, { maxLength: 12 }).map((parts) => parts.join(' ')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseNodeSelector(text);
        if (parsed.ok) expect(typeof parsed.matches({ a: 'x' })).toBe('boolean');
        else expect(parsed.at).toBeLessThanOrEqual(text.length);
      }),
      { seed: 4, numRuns: 2000 },
    );
  });
});

interface Expression {
  readonly text: string;
  readonly truth: (labels: Labels) => boolean;
}

/** Random expressions with their truth computed beside them. */
const EXPRESSIONS = fc.letrec<{ tree: Expression }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc
      .constantFrom('a', 'b', 'c')
      .chain((label) =>
        fc.constantFrom<Expression>(
          { text: `has(${label})`, truth: (labels) => label in labels },
          { text: `${label} == "x"`, truth: (labels) => labels[label] === 'x' },
          { text: `${label} != 'x'`, truth: (labels) => labels[label] !== 'x' },
          { text: `${label} not in {"x", "y"}`, truth: (labels) => !['x', 'y'].includes(labels[label] ?? '') },
        ),
      ),
    fc.tuple(tie('tree'), tie('tree')).map(
      ([left, right]): Expression => ({
        text: `(${left.text}) && (${right.text})`,
        truth: (labels) => left.truth(labels) && right.truth(labels),
      }),
    ),
    fc.tuple(tie('tree'), tie('tree')).map(
      ([left, right]): Expression => ({
        text: `(${left.text}) || (${right.text})`,
        truth: (labels) => left.truth(labels) || right.truth(labels),
      }),
    ),
    tie('tree').map(({ text, truth }): Expression => ({ text: `!(${text})`, truth: (labels) => !truth(labels) })),
  ),
})).tree;

describe('expressions', () => {
  it('are what their parts are', () => {
    const labels = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('x', 'y', 'z'), {
      noNullPrototype: true,
    });
    fc.assert(
      fc.property(EXPRESSIONS, labels, ({ text, truth }, worker) => {
        expect(matches(text, worker)).toBe(truth(worker));
      }),
      { seed: 4, numRuns: 500 },
    );
  });
});
