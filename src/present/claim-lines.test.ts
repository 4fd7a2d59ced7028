import { describe, expect, it } from 'vitest';
import type { ClaimInRange } from '../core/analysis/diagnosis.ts';
import { claimLines } from './claim-lines.ts';
import { DEFAULT_STYLE } from './style.ts';

const nodePort = (port: number): ClaimInRange => ({
  claim: { kind: 'dnat', protocol: 6, ports: { first: port, last: port }, owner: 'kube-proxy', source: 'nat' },
  hurts: false,
  truth: 'harmless here, except for the very same remote address and port',
});

const listener = (port: number): ClaimInRange => ({
  claim: { kind: 'listener', protocol: 6, ports: { first: port, last: port }, owner: `p${port}`, source: 'sock_diag' },
  hurts: false,
  truth: 'harmless here: bind and listen succeed',
});

const texts = (claims: readonly ClaimInRange[], width = 100): string[] =>
  claimLines(claims, { ...DEFAULT_STYLE, width }).map(({ text }) => text);

describe('claimLines', () => {
  it('says equal claims once, with their explanation', () => {
    const ports = Array.from({ length: 2768 }, (_, index) => nodePort(30_000 + index));
    expect(texts(ports)).toEqual([
      'Claimed by others inside the range:',
      '  ✓ tcp 30000-32767: 2,768 redirected ports of kube-proxy: harmless here, except for the very same',
      '    remote address and port',
    ]);
  });

  it('counts sockets that lie apart', () => {
    const sockets = Array.from({ length: 12 }, (_, index) => listener(10_250 + 10 * index));
    expect(texts([nodePort(30_000), nodePort(30_001), ...sockets]).slice(1)).toEqual([
      '  ✓ tcp 30000-30001: 2 redirected ports of kube-proxy, tcp 10250 and 11 more listening sockets:',
      '    harmless here (why, and what would be an exception: --explain)',
    ]);
  });

  it('keeps what is harmless to three lines and never cuts what hurts', () => {
    const many = Array.from({ length: 20 }, (_, index) => ({ ...listener(40_000 + 2 * index), truth: `why ${index}` }));
    const hurting = Array.from({ length: 6 }, (_, index) => ({
      ...nodePort(50_000 + 2 * index),
      hurts: true,
      truth: `${index}`,
    }));
    const lines = texts([...many, ...hurting], 80);
    expect(lines.filter((line) => line.startsWith('  ▲'))).toHaveLength(6);
    expect(lines).toHaveLength(1 + 6 + 3);
    expect(lines.join(' ')).toMatch(/\d+ more: harmless here/);
  });
});
