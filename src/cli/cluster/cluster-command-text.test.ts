import { describe, expect, it } from 'vitest';
import { patchRange } from '../../core/analysis/remedy.ts';
import { remedyInCluster } from './cluster-command-text.ts';

describe('a remedy where a cluster is known', () => {
  it('is applied there, whatever is said before it', () => {
    const remedy = `spread or reuse; or: ${patchRange(4790)}`;
    expect(remedyInCluster(remedy, { context: 'prod' })).toBe(
      'spread or reuse; or: portolan apply --nat-port-range 4790:65535 --context prod',
    );
    expect(remedyInCluster(patchRange(1025), {})).toBe('portolan apply --nat-port-range 1025:65535');
  });

  it('stays as it is where it is no change of the range', () => {
    expect(remedyInCluster('start the range at 32768', { context: 'prod' })).toBe('start the range at 32768');
  });
});
