// A glance there and back, how long it gets, and what is none.
import { describe, expect, it } from 'vitest';
import { glanceMessage } from '../../src/protocol/glance-message.ts';
import { parseGlanceMessage } from '../../src/protocol/parse-glance-message.ts';
import { sampleReport } from './sample-report.ts';

/** As long as Kubernetes lets a node be called. */
const LONGEST_NAME = 'n'.repeat(253);

describe('the glance message', () => {
  it('says what makes the node as bad as it is, and its worst destination, in less than a kilobyte', () => {
    const report = sampleReport({ spaces: 20, sources: 50 });
    const text = JSON.stringify(glanceMessage(report, LONGEST_NAME));
    expect(text.length).toBeLessThan(1000);
    expect(parseGlanceMessage(text)).toEqual({
      schema: 'portolan.dev/glance-message/v1',
      node: LONGEST_NAME,
      atMilliseconds: report.atMilliseconds,
      lostPackets: 18,
      glance: {
        severity: 'warning',
        check: 'nearing',
        newPerSecond: 3,
        range: { first: 32_768, last: 65_535 },
        worst: { protocol: 6, remoteAddress: '203.0.113.0', remotePort: 443, usedPorts: 480, capacityPorts: 32_768 },
      },
    });
  });

  it('takes the destination that was judged worst before the fullest', () => {
    const { spaces, ...report } = sampleReport({ spaces: 3, sources: 0 });
    const fuller = spaces.map((space, index) => ({ ...space, usedPorts: 1000 * (index + 1) }));
    expect(glanceMessage({ ...report, spaces: fuller }, 'n').glance.worst?.usedPorts).toBe(1000);
    const unjudged = fuller.map((space) => {
      const { severity: _, ...rest } = space;
      return rest;
    });
    expect(glanceMessage({ ...report, spaces: unjudged }, 'n').glance.worst?.usedPorts).toBe(3000);
  });

  it('calls a node fine of which something is merely worth knowing', () => {
    const { diagnosis, ...report } = sampleReport({ spaces: 0, sources: 0 });
    if (diagnosis === undefined) throw new TypeError('the sample has no diagnosis');
    const checks = [{ check: 'conflict', severity: 'info', count: 1 }] as const;
    const calm = { ...report, diagnosis: { ...diagnosis, severity: 'info', checks } } as const;
    expect(glanceMessage(calm, 'n').glance).toMatchObject({ severity: 'info', check: 'fine' });
  });

  it('is unknown before the first diagnosis', () => {
    const { diagnosis: _, ...report } = sampleReport({ spaces: 0, sources: 0 });
    const message = glanceMessage(report, 'n');
    expect(message.glance).toEqual({ severity: 'unknown', newPerSecond: 3 });
    expect(parseGlanceMessage(JSON.stringify(message))).toEqual(message);
  });

  it.each([
    ['<html>', 'it is not JSON'],
    ['{"schema":"portolan.dev/glance-message/v2"}', 'it is of another version'],
    ['{"schema":"portolan.dev/glance-message/v1"}', 'node: nothing, wanted'],
  ])('is not %s', (text, why) => {
    expect(parseGlanceMessage(text)).toContain(why);
  });
});
