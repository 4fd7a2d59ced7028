// A report as the agent makes it, with as many port spaces and sources as wanted, for tests and the bench.
import type { AgentReport, SpaceReport } from '../../src/protocol/agent-report.ts';
import { DETAILS } from '../../src/agent/detail.ts';

export interface SampleOptions {
  readonly spaces: number;
  readonly sources: number;
}

export function sampleReport({ spaces, sources }: SampleOptions): AgentReport {
  const list = Array.from({ length: spaces }, (_, index) => sampleSpace(index, sources));
  return {
    atMilliseconds: 1_700_000_000_000,
    uptimeSeconds: 3600,
    isCurrent: true,
    gaps: [{ id: 'nat-rules-legacy', what: 'legacy rules', why: 'EPERM', weakens: 'the range' }],
    flows: 1000,
    counts: {
      began: 12,
      ended: 11,
      snatBegan: 10,
      snatEnded: 9,
      unknownEnds: 1,
      replaced: 2,
      found: 3,
      vanished: 4,
      aged: 5,
      unlisted: 6,
    },
    newPerSecond: 3,
    endedPerSecond: 2,
    events: { read: 23, overruns: 1, unreadable: 0 },
    resync: { count: 7, atMilliseconds: 1_699_999_990_000, seconds: 0.25, found: 0, vanished: 0 },
    census: {
      states: [
        { protocol: 'tcp', state: 'established', flows: 700 },
        { protocol: 'udp', state: 'open', flows: 100 },
      ],
      snat: 800,
      host: 150,
      inbound: 50,
      portSpaces: spaces + 5,
      sources: Array.from({ length: sources }, (_, index) => ({ address: `10.244.0.${index}`, flows: 100 - index })),
      otherSources: { sources: 3, flows: 9 },
    },
    spaces: list,
    otherSpaces: { spaces: 5, flows: 77 },
    lost: { exhaustion: 5, race: 6, table: 7 },
    table: { count: 1000, max: 262_144 },
    diagnosis: {
      atMilliseconds: 1_699_999_990_000,
      severity: 'warning',
      sentence: 'nearly full',
      pressure: { state: 'short', check: 'nearing', sentence: 'nearly full' },
      checks: [{ check: 'nearing', severity: 'warning', count: 1 }],
      ranges: [{ protocol: 'tcp', range: { first: 32_768, last: 65_535 }, isDefault: false }],
      claims: [{ kind: 'dnat', hurts: true, count: 2 }],
    },
    detail: DETAILS[0],
    cpuShare: 0.01,
    ledgerBytes: 123_456,
    clockSteps: 0,
  };
}

function sampleSpace(index: number, sources: number): SpaceReport {
  return {
    protocol: index % 2 === 0 ? 6 : 17,
    zone: 0,
    snatAddress: '192.0.2.10',
    remoteAddress: index === 1 ? '2001:db8::9' : `203.0.113.${index}`,
    remotePort: 443,
    flows: 500,
    range: { first: 32_768, last: 65_535 },
    capacityPorts: 32_768,
    usedPorts: 480,
    livePorts: 400,
    evictablePorts: 80,
    dropProbability: 1e-9,
    newPerSecond: 1.5,
    sources: Array.from({ length: Math.min(16, sources) }, (_, source) => ({
      address: `10.244.0.${source}`,
      ports: 40 - source,
    })),
    ...(index === 0 ? { fullInSeconds: 600, check: 'nearing' as const, severity: 'warning' as const } : {}),
  };
}
