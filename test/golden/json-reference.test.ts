// docs/reference/json.md names every key that the documents have.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const path = (name: string): string => fileURLToPath(new URL(`../../../${name}`, import.meta.url));
const PAGE = readFileSync(path('docs/reference/json.md'), 'utf8');
const DOCUMENTS = [
  'critical-churn',
  'with-workloads',
  'conflict',
  'cannot-tell',
  'rules',
  'probe',
  'plan-what-if',
  'plan-held',
  'simulation',
  'range-layered',
  'compare-better',
  'compare-cluster',
  'change',
  'change-preview',
  'verify',
  'cluster-troubled',
  'preflight-misfit',
];

/** Values keyed by a name that is data: a number's name, a TCP state. */
const OPEN_ENDED = new Set(['numbers', 'entriesByState']);

/** Kubernetes' own keys. */
const FOREIGN = new Set(['patch', 'matchLabels']);

function keysOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    key,
    ...(OPEN_ENDED.has(key) ? Object.values(inner ?? {}).flatMap(keysOf) : FOREIGN.has(key) ? [] : keysOf(inner)),
  ]);
}

describe('docs/reference/json.md', () => {
  it.each(DOCUMENTS)('names every key of %s', (name) => {
    const document: unknown = JSON.parse(readFileSync(path(`test/golden/${name}.json.txt`), 'utf8'));
    const keys = [...new Set(keysOf(document))].filter((key) => key !== 'schema');
    expect(keys.length).toBeGreaterThan(5);
    expect(keys.filter((key) => !PAGE.includes(`\`${key}\``))).toEqual([]);
  });
});
