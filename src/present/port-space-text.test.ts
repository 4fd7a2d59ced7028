import { describe, expect, it } from 'vitest';
import { SAMPLE_DIAGNOSES } from '../../test/golden/sample-diagnoses.ts';
import type { PortSpaceVerdict } from '../core/analysis/diagnosis.ts';
import { arrivals, forecast, heldPorts, nextLost, sourceShares } from './port-space-text.ts';

function churnWith(rest: Partial<PortSpaceVerdict>): PortSpaceVerdict {
  const [verdict] = SAMPLE_DIAGNOSES['critical-churn'].portSpaces;
  if (verdict === undefined) throw new TypeError('Cannot read the sample: no port space, wanted one');
  return { ...verdict, ...rest };
}

describe('heldPorts', () => {
  it('says when closing ports become free where the kernel waits for them', () => {
    expect(heldPorts(churnWith({}), 'no')).toBe('1,204 in use, 30,897 closing (free again in 3 s to 118 s)');
  });

  it('says that they are reused only as far as they are', () => {
    expect(heldPorts(churnWith({ evictablePorts: 30_897 }), 'yes')).toContain('(this kernel reuses those when it');
    expect(heldPorts(churnWith({ evictablePorts: 100 }), 'yes')).toContain('(this kernel reuses 100 of those when it');
    expect(heldPorts(churnWith({ evictablePorts: 0 }), 'yes')).toContain('(free again in 3 s to 118 s)');
  });

  it('counts what becomes free when it is not what the line counts', () => {
    const release = { firstSeconds: 5, medianSeconds: 5, lastSeconds: 5, ports: 10 };
    expect(heldPorts(churnWith({ closingPorts: 0, release }), 'no')).toBe('32,101 in use (10 free again in 5 s)');
  });

  it('is silent about an empty space', () => {
    expect(heldPorts(churnWith({ usedPorts: 0 }), 'no')).toBe('');
  });
});

describe('nextLost', () => {
  const both = { dropProbability: 0.001, dropProbabilityWithoutEviction: 0.5 };

  it('gives both figures when the kernel was not probed', () => {
    expect(nextLost(churnWith(both), 'unknown')).toBe('next connection lost: 1 in 1,000 to 5 in 10');
  });

  it('speaks of ports only where the row is fine', () => {
    expect(nextLost(churnWith({ ...both, severity: 'ok' }), 'yes')).toBe(
      'next connection lost for want of a port: 1 in 1,000',
    );
  });

  it('gives one figure when it was, and for what is never taken over', () => {
    expect(nextLost(churnWith(both), 'yes')).toBe('next connection lost: 1 in 1,000');
    const udp = churnWith(both);
    expect(nextLost({ ...udp, portSpace: { ...udp.portSpace, protocol: 17 } }, 'unknown')).toBe(
      'next datagram lost: 1 in 1,000',
    );
  });
});

describe('rates', () => {
  it('says nothing about what was not measured', () => {
    const { newPerSecond: _, ...unmeasured } = churnWith({});
    expect(arrivals(unmeasured)).toBe('');
    expect(forecast(unmeasured)).toBe('');
  });

  it('says that nothing is new', () => {
    expect(arrivals(churnWith({ newPerSecond: 0, dropProbability: 0 }))).toMatch(
      /^no new connections, room for 247\/s/,
    );
    expect(arrivals(churnWith({ newPerSecond: 0 }))).toMatch(/^no new connection got through \(each/);
    expect(arrivals(churnWith({ newPerSecond: 200 }))).toMatch(/^200 new connections\/s \(each/);
  });
});

describe('losses of this space', () => {
  const losses = { seconds: 2, lostPerSecond: 128, measuredLoss: 0.58 };
  const lossy = churnWith({ newPerSecond: 92, sustainablePerSecond: 123, losses });

  it('stand beside the computed probability', () => {
    expect(nextLost(lossy, 'no')).toBe('next connection lost: 1 in 22; in the last 2 s 6 in 10 were lost');
    expect(nextLost({ ...lossy, losses: { ...losses, measuredLoss: 1 } }, 'no')).toMatch(
      /; in the last 2 s all were lost$/,
    );
  });

  it('are attempts too, and take back a figure that says they fit', () => {
    expect(arrivals(lossy)).toMatch(/^92 connections got through and 128 were lost a second, room for 123\/s/);
    expect(arrivals({ ...lossy, sustainablePerSecond: 500 })).toMatch(/^92 .* were lost a second \(each holds/);
  });

  it('are said when nothing got through, and when that is not known', () => {
    expect(arrivals({ ...lossy, newPerSecond: 0 })).toMatch(
      /^no connection got through in the last 2 s, 128 were lost/,
    );
    const { newPerSecond: _, ...unmeasured } = lossy;
    expect(arrivals(unmeasured)).toMatch(/^128 connections were lost a second/);
  });
});

describe('sourceShares', () => {
  const sources = [0.5, 0.3, 0.15, 0.05].map((share, index) => ({ address: `10.0.0.${index}`, ports: 1, share }));

  it('joins the rest', () => {
    expect(sourceShares(sources, 2)).toBe('10.0.0.0 50 %, 10.0.0.1 30 %, 2 others 20 %');
    expect(sourceShares(sources, 3)).toMatch(/, 1 other 5 %$/);
    expect(sourceShares([], 3)).toBe('');
  });
});
