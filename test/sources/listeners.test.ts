import { describe, expect, it } from 'vitest';
import { formatRange } from '../../src/core/model/port-range.ts';
import { protocolName } from '../../src/core/model/protocol.ts';
import type { PortClaim } from '../../src/core/model/port-claim.ts';
import { inNamespace } from './in-namespace.ts';
import type { ListeningNode } from './listening-node.ts';

function asSs(claim: PortClaim): string {
  return `${protocolName(claim.protocol)} ${claim.address ?? 'any'}:${claim.ports.first}`;
}

describe('readListeners in a namespace', () => {
  const module = new URL('./listening-node.js', import.meta.url).href;
  const node: ListeningNode = JSON.parse(inNamespace({ module, run: 'listeningNode' }));

  it('lists what ss lists, each port and address once', () => {
    expect(node.ss).toContain('tcp 127.0.0.1:10248');
    expect(node.byPort.value.map(asSs).sort()).toEqual(node.ss);
  });

  it('is complete without gaps, and every claim is one port', () => {
    expect(node.byPort).toMatchObject({ source: 'sock_diag', complete: true, gaps: [] });
    for (const claim of node.byPort.value)
      expect(formatRange(claim.ports)).toBe(`${claim.ports.first}-${claim.ports.first}`);
  });

  it('names owners by port when no process is looked up', () => {
    const owners = new Map(node.byPort.value.map((claim) => [claim.ports.first, claim.owner]));
    expect(owners.get(10_250)).toBe('kubelet');
    expect(owners.get(51_820)).toBe('WireGuard');
    expect(owners.get(40_005)).toBe('unknown');
  });

  it('names the process that was seen, against what the port suggests', () => {
    expect(node.byProcess.value.length).toBe(node.ss.length);
    for (const claim of node.byProcess.value) expect(claim.owner).toMatch(/node|vitest|Worker/i);
  });
});
