// What is read with fewer rights: always named as a gap, never taken for an empty ruleset.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { NatRules } from '../../src/core/model/nat-rule.ts';
import type { Reading } from '../../src/core/model/reading.ts';
import { inNamespace } from './in-namespace.ts';
import type { Command } from './namespace-plan.ts';

const READ = fileURLToPath(new URL('./read-program.js', import.meta.url));

const LEGACY: Command = { program: 'iptables-legacy-restore', args: ['-c'], input: 'wrong-order.rules' };

function readAs(options: readonly string[], setup: readonly Command[]): Reading<NatRules> {
  const command = { program: 'setpriv', args: [...options, process.execPath, READ] };
  return JSON.parse(inNamespace({ setup, oracles: [command] }).oracles[0] ?? '') as Reading<NatRules>;
}

describe('without CAP_NET_ADMIN', () => {
  const unprivileged = ['--bounding-set', '-net_admin,-net_raw', '--inh-caps', '-net_admin,-net_raw'];

  it('leaves the gap nat-rules', () => {
    const reading = readAs(unprivileged, [{ program: 'nft', args: ['-f', '-'], input: 'split-range.nft' }]);
    expect(reading).toMatchObject({ complete: false, value: { sourceNat: [] } });
    expect(reading.gaps).toMatchObject([{ id: 'nat-rules', why: 'EPERM: needs CAP_NET_ADMIN' }]);
  });

  it('leaves the gap nat-rules-legacy when legacy tables exist', () => {
    const reading = readAs(unprivileged, [LEGACY]);
    expect(reading.gaps.map(({ id, why }) => `${id}: ${why}`)).toEqual([
      'nat-rules: EPERM: needs CAP_NET_ADMIN',
      'nat-rules-legacy: raw socket: EPERM: needs CAP_NET_RAW',
    ]);
  });

  it('leaves the gap nat-rules-legacy when only the right to look is missing', () => {
    const reading = readAs(
      ['--reuid', '65534', '--regid', '65534', '--clear-groups', '--bounding-set', '-net_admin'],
      [LEGACY],
    );
    expect(reading.gaps.at(-1)).toMatchObject({
      id: 'nat-rules-legacy',
      why: expect.stringContaining('ip_tables_names: EACCES') as string,
    });
  });

  it('reads legacy rules without CAP_NET_RAW not at all, and nf_tables whole', () => {
    const nft: Command = { program: 'nft', args: ['-f', '-'], input: 'split-range.nft' };
    const reading = readAs(['--bounding-set', '-net_raw', '--inh-caps', '-net_raw'], [nft, LEGACY]);
    expect(reading.gaps.map(({ id }) => id)).toEqual(['nat-rules-legacy']);
    expect(reading.value.sourceNat).toHaveLength(4);
  });
});
