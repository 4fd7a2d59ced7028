import { describe, expect, it } from 'vitest';
import type { Gap } from '../core/model/gap.ts';
import { settleAbsence } from './settle-absence.ts';

const ABSENT: Gap = {
  id: 'conntrack-absent',
  what: 'net.netfilter.nf_conntrack_acct',
  why: 'net.netfilter.nf_conntrack_count is not there',
  weakens: 'everything',
  remedy: 'modprobe nf_conntrack',
};
const RULES: Gap = { id: 'nat-rules', what: 'NAT rules', why: 'EPERM', weakens: 'the range' };

describe('settleAbsence', () => {
  it('does not list every sysctl there is', () => {
    const [settings] = settleAbsence([{ ...ABSENT, what: 'net.a, net.b, net.c, net.d' }]);
    expect(settings?.what).toBe('net.a and 3 more sysctls');
  });

  it('makes a missing sysctl of a missing module, and advises no modprobe', () => {
    const [settings, rules] = settleAbsence([ABSENT, RULES]);
    expect(settings).toMatchObject({ id: 'sysctls', what: ABSENT.what });
    expect(settings?.remedy).toBeUndefined();
    expect(rules).toBe(RULES);
  });
});
