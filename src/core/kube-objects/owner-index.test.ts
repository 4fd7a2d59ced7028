import { describe, expect, it } from 'vitest';
import { OwnerIndex, type OwnerLists } from './owner-index.ts';
import { SharedWorkloads } from './shared-workloads.ts';

const FORBIDDEN = { seen: false, why: 'forbidden: list replicasets of apps' } as const;
const BLIND: OwnerLists = { ReplicaSet: FORBIDDEN, Job: FORBIDDEN };
const workload = (kind: string, name: string) => ({ kind, namespace: 'shop', name });

describe('the top owner', () => {
  const owners = {
    ReplicaSet: new Map([
      ['shop/web-7f8d9c', workload('Deployment', 'web')],
      ['shop/blue', workload('Rollout', 'canary')],
    ]),
    Job: new Map([['shop/report-29400000', workload('CronJob', 'report')]]),
  };
  const lists: OwnerLists = {
    ReplicaSet: { seen: true, value: owners.ReplicaSet },
    Job: { seen: true, value: owners.Job },
  };
  const index = new OwnerIndex(lists, new SharedWorkloads());

  it.each([
    ['ReplicaSet', 'web-7f8d9c', 'Deployment', 'web'],
    ['ReplicaSet', 'blue', 'Rollout', 'canary'],
    ['ReplicaSet', 'bare-7f8d9c', 'ReplicaSet', 'bare-7f8d9c'],
    ['Job', 'report-29400000', 'CronJob', 'report'],
    ['Job', 'once', 'Job', 'once'],
    ['StatefulSet', 'db', 'StatefulSet', 'db'],
    ['DaemonSet', 'agent', 'DaemonSet', 'agent'],
  ])('of %s %s is %s %s', (kind, name, topKind, topName) => {
    expect(index.topOf(workload(kind, name))).toEqual(workload(topKind, topName));
    expect(index.guessedPods('ReplicaSet')).toBe(0);
  });
});

describe('the top owner where none may be listed', () => {
  it.each([
    ['ReplicaSet', 'web-7f8d9c5b4f', 'Deployment', 'web', 1],
    // `a` and `e` never stand in a hash.
    ['ReplicaSet', 'web-stage', 'ReplicaSet', 'web-stage', 0],
    ['Job', 'report-29400000', 'CronJob', 'report', 1],
    ['Job', 'migrate-v2', 'Job', 'migrate-v2', 0],
  ] as const)('of %s %s is guessed to be %s %s', (kind, name, topKind, topName, guesses) => {
    const index = new OwnerIndex(BLIND, new SharedWorkloads());
    expect(index.topOf(workload(kind, name))).toEqual(workload(topKind, topName));
    expect(index.guessedPods(kind)).toBe(guesses);
  });
});
