// What compare shows: worse, better, and looks that do not show enough.
import { describe, it } from 'vitest';
import { ClusterComparer } from '../../src/core/analysis/compare/cluster-comparer.ts';
import { compareDiagnoses } from '../../src/core/analysis/compare/compare-diagnoses.ts';
import { diagnose } from '../../src/core/analysis/diagnose.ts';
import { clusterComparisonDocument } from '../../src/present/comparison/cluster-comparison-document.ts';
import { formatClusterComparisonMarkdown } from '../../src/present/comparison/cluster-comparison-markdown.ts';
import { formatClusterComparison } from '../../src/present/comparison/cluster-comparison-table.ts';
import { comparisonDocument } from '../../src/present/comparison/comparison-document.ts';
import { formatComparisonMarkdown } from '../../src/present/comparison/comparison-markdown.ts';
import { formatComparison } from '../../src/present/comparison/comparison-table.ts';
import { DEFAULT_STYLE } from '../../src/present/style.ts';
import { ASCII_SYMBOLS } from '../../src/present/symbols.ts';
import {
  arrivalsFixture,
  closingFixture,
  countersFixture,
  flowsFixture,
  gapFixture,
  nodeFactsFixture,
  NOT_EVICTING,
} from '../analysis/node-facts-fixture.ts';
import { matchGolden } from './match-golden.ts';

const NEXT = 'portolan diagnose after.tgz';

function look(options: Parameters<typeof nodeFactsFixture>[0]) {
  const facts = nodeFactsFixture({ behaviour: NOT_EVICTING, ...options });
  return { facts, diagnosis: diagnose(facts) };
}

const CHURN = look({
  flows: [...closingFixture(31_500), ...flowsFixture(900, { port: 64_400, source: '10.1.0.9' })],
  arrivals: arrivalsFixture(520),
  counters: countersFixture({ insertFailed: 25, drop: 25, found: 12_000 }),
});
const WIDER = look({
  at: '2026-11-22T04:12:00Z',
  flows: [
    ...closingFixture(31_500, { port: 20_000 }),
    ...flowsFixture(900, { port: 64_400 }),
    ...flowsFixture(200, { remote: '198.51.100.7' }),
  ],
  range: { first: 4790, last: 65_535 },
  arrivals: arrivalsFixture(540),
});
const BLIND = look({ at: '2026-11-22T04:12:00Z', flowsSource: undefined, gaps: [gapFixture('flows')] });

const COMPARISONS = {
  better: compareDiagnoses(CHURN, WIDER),
  worse: compareDiagnoses(WIDER, CHURN),
  blind: compareDiagnoses(look({ flows: flowsFixture(900) }), BLIND),
  same: compareDiagnoses(CHURN, CHURN),
};

function named(node: string, { facts }: ReturnType<typeof look>) {
  const renamed = { ...facts, node };
  return { facts: renamed, diagnosis: diagnose(renamed) };
}

function clusters() {
  const comparer = new ClusterComparer();
  const fine = look({ flows: flowsFixture(900) });
  const before = [CHURN, WIDER, fine, fine, fine, CHURN, fine];
  before.forEach((each, index) => comparer.addBefore(named(`worker-${index + 1}`, each)));
  const after = [WIDER, CHURN, fine, fine, BLIND];
  after.forEach((each, index) => comparer.addAfter(named(`worker-${index + 1}`, each)));
  comparer.addAfter(named('worker-10', CHURN));
  comparer.addAfter(named('worker-11', fine));
  return comparer.finish(
    { name: 'prod', at: '2026-11-22T03:12:00Z', named: [] },
    { name: 'prod', at: '2026-11-22T04:12:00Z', named: ['worker-7'] },
  );
}

const CLUSTER_NEXT = 'portolan compare before.tgz after.tgz --node worker-2';

describe('a comparison of clusters', () => {
  it('fits one screen', () => {
    const wide = { style: DEFAULT_STYLE, top: 10, next: CLUSTER_NEXT };
    matchGolden('compare-cluster.100.txt', formatClusterComparison(clusters(), wide));
    const style = { ...DEFAULT_STYLE, width: 80, symbols: ASCII_SYMBOLS };
    matchGolden('compare-cluster.80.txt', formatClusterComparison(clusters(), { style, top: 1, next: CLUSTER_NEXT }));
  });

  it('as Markdown and JSON', () => {
    matchGolden('compare-cluster.md', formatClusterComparisonMarkdown(clusters()));
    const document = clusterComparisonDocument(clusters(), CLUSTER_NEXT);
    matchGolden('compare-cluster.json.txt', `${JSON.stringify(document, null, 2)}\n`);
  });
});

describe('a comparison', () => {
  it.each(Object.entries(COMPARISONS))('%s', (name, comparison) => {
    matchGolden(`compare-${name}.100.txt`, formatComparison(comparison, { style: DEFAULT_STYLE, top: 10, next: NEXT }));
    const narrow = { ...DEFAULT_STYLE, width: 80, symbols: ASCII_SYMBOLS };
    matchGolden(`compare-${name}.80.txt`, formatComparison(comparison, { style: narrow, top: 10, next: NEXT }));
  });

  it('as Markdown and JSON', () => {
    matchGolden('compare-better.md', formatComparisonMarkdown(COMPARISONS.better));
    matchGolden(
      'compare-better.json.txt',
      `${JSON.stringify(comparisonDocument(COMPARISONS.better, NEXT), null, 2)}\n`,
    );
  });
});
