import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SAMPLE_PLANS } from '../../../test/golden/sample-plans.ts';
import { planDocument } from '../../present/plan/plan-document.ts';
import { checkOut, readPlan, savePlan } from './plan-file.ts';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'portolan-plan-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('a saved plan', () => {
  it('reads back as it was, and is replaced whole', () => {
    const path = join(folder, 'plan.json');
    savePlan(path, SAMPLE_PLANS.churn);
    savePlan(path, SAMPLE_PLANS.held);
    expect(readPlan(path)).toEqual(SAMPLE_PLANS.held);
    expect(readdirSync(folder)).toEqual(['plan.json']);
  });

  it('is printed again to the letter', () => {
    const path = join(folder, 'plan.json');
    const situation = {
      ...SAMPLE_PLANS.churn.situation,
      workload: { kind: 'deployment', name: 'checkout', namespace: 'payments' },
    };
    const gap = { weakens: 'counters', why: 'refused', what: 'counters', id: 'counters' } as const;
    for (const plan of [...Object.values(SAMPLE_PLANS), { ...SAMPLE_PLANS.churn, situation, gaps: [gap] }]) {
      savePlan(path, plan);
      expect(`${JSON.stringify(planDocument(readPlan(path)), null, 2)}\n`).toBe(readFileSync(path, 'utf8'));
    }
  });

  it('replaces nothing that is not a plan', () => {
    const notes = join(folder, 'notes.txt');
    writeFileSync(notes, 'mine\n');
    symlinkSync(notes, join(folder, 'link'));
    mkdirSync(join(folder, 'folder'));
    for (const name of ['notes.txt', 'link', 'folder']) {
      expect(() => checkOut(join(folder, name))).toThrow(/^Cannot save .*, wanted a new file or a saved plan$/);
      expect(() => savePlan(join(folder, name), SAMPLE_PLANS.churn)).toThrow(/^Cannot save/);
    }
    expect(() => savePlan('/dev/null', SAMPLE_PLANS.churn)).toThrow(/it is no regular file/);
    expect(readFileSync(notes, 'utf8')).toBe('mine\n');
    expect(readdirSync(folder)).toHaveLength(3);
  });

  it('says why it cannot be written or read', () => {
    expect(() => savePlan(join(folder, 'none', 'plan.json'), SAMPLE_PLANS.churn)).toThrow(/: ENOENT, wanted a folder/);
    expect(() => readPlan(join(folder, 'none.json'))).toThrow(/^Cannot read .*: ENOENT, wanted a saved plan/);
    expect(() => readPlan(folder)).toThrow(/it is no regular file/);
  });

  it('is not read when it is far too large', () => {
    const path = join(folder, 'huge.json');
    writeFileSync(path, '{}');
    truncateSync(path, 65 * 1024 * 1024);
    expect(() => readPlan(path)).toThrow(/68157440 bytes, wanted a saved plan of at most 67108864/);
  });
});
