import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHANGE_SCHEMA, type ChangeJournal } from '../../core/advice/change/change.ts';
import { parseChangeJournal } from './parse-change-journal.ts';

const JOURNAL: ChangeJournal = {
  schema: CHANGE_SCHEMA,
  id: '7f3a',
  title: 'natPortRange 4790:65535',
  range: '4790:65535',
  by: 'someone',
  at: '2026-01-01T00:00:00.000Z',
  tool: '0.1.0',
  state: 'running',
  note: 'why',
  verify: 'rules',
  timeoutSeconds: 120,
  accepted: ['payments/lb'],
  objects: [
    {
      ref: { kind: 'FelixConfiguration', apiVersion: 'crd.projectcalico.org/v1', name: 'default' },
      role: 'lasting',
      wanted: { natPortRange: { value: '4790:65535' } },
      before: { existed: true, fields: { natPortRange: { absent: true } } },
      seenVersion: '12',
      intendedAt: '2026-01-01T00:00:01.000Z',
    },
    {
      ref: { kind: 'Deployment', apiVersion: 'apps/v1', namespace: 'payments', name: 'checkout' },
      role: 'lasting',
      wanted: { topologySpreadConstraints: { value: [{ maxSkew: 1 }] }, replicas: { value: 3 } },
      before: { existed: true, fields: { topologySpreadConstraints: { absent: true }, replicas: { value: 1 } } },
    },
  ],
  steps: [
    { do: 'write', objects: ['FelixConfiguration default'], state: 'intended', at: '2026-01-01T00:00:01.000Z' },
    { do: 'verify', nodes: ['worker-1'], state: 'open' },
  ],
  nodes: [
    {
      node: 'worker-1',
      outcome: 'verified',
      evidence: 'rule',
      seconds: 1.5,
      flowsInside: 2,
      flowsSeen: 2,
      oldFlows: 1,
    },
  ],
};

describe('a journal', () => {
  it('is read as it was written', () => {
    expect(parseChangeJournal(JSON.stringify(JOURNAL))).toEqual({ ok: true, journal: JOURNAL });
  });

  it.each([
    ['another kind', '"FelixConfiguration"', '"ClusterRoleBinding"', 'objects[0].ref.kind'],
    ['another API', '"crd.projectcalico.org/v1"', '"rbac.authorization.k8s.io/v1"', 'objects[0].ref.apiVersion'],
    ['another field', '"natPortRange":{"value"', '"bpfEnabled":{"value"', 'objects[0].wanted.bpfEnabled'],
    ['a path in a name', '"name":"default"', '"name":"../secrets/x"', 'objects[0].ref.name'],
    ['a step without its object', '["FelixConfiguration default"]', '["Deployment a/b"]', 'steps[0].objects'],
    ['a later schema', 'change/v1', 'change/v2', 'schema'],
  ])('is refused with %s', (_, from, to, place) => {
    const parsed = parseChangeJournal(JSON.stringify(JOURNAL).replace(from, to));
    expect(parsed).toMatchObject({ ok: false, problems: expect.arrayContaining([expect.stringContaining(place)]) });
  });

  it('never throws, and takes no text that is cut', () => {
    const text = JSON.stringify(JOURNAL);
    for (let length = 0; length < text.length; length += 7)
      expect(parseChangeJournal(text.slice(0, length)).ok).toBe(false);
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parseChangeJournal(JSON.stringify(value)).ok).toBe(false);
      }),
      { seed: 1, numRuns: 300 },
    );
  });
});
