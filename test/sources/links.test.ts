import { describe, expect, it } from 'vitest';
import { inNamespace } from './in-namespace.ts';
import type { TunnelNode } from './tunnel-node.ts';

const module = new URL('./tunnel-node.js', import.meta.url).href;

describe('readAddresses and readTunnels in a namespace', () => {
  const node: TunnelNode = JSON.parse(inNamespace({ module, run: 'tunnelNode' }));

  it('lists the local addresses that ip lists, the own end of a point-to-point one', () => {
    expect(node.addresses).toMatchObject({ source: 'rtnetlink', complete: true, gaps: [] });
    expect(node.ipAddresses).toEqual(expect.arrayContaining(['127.0.0.1', '10.9.0.1', '2001:db8::10']));
    expect([...node.addresses.value].sort()).toEqual([...node.ipAddresses].sort());
  });

  it('lists the tunnel ports that ip lists, with their makers', () => {
    expect(node.tunnels.complete).toBe(true);
    expect(node.ipTunnels).toHaveLength(3);
    const seen = node.tunnels.value.map((claim) => ({
      name: claim.source.replace('link ', ''),
      port: claim.ports.first,
    }));
    expect(seen).toEqual(node.ipTunnels);
    expect(node.tunnels.value.map((claim) => claim.owner)).toEqual(['Calico VXLAN', 'flannel VXLAN', 'unknown']);
  });

  it('reads an empty namespace as empty and complete', () => {
    const empty: TunnelNode = JSON.parse(inNamespace({ module, run: 'emptyNode' }));
    expect(empty.addresses).toEqual({ value: [], source: 'rtnetlink', complete: true, gaps: [] });
    expect(empty.tunnels).toEqual({ value: [], source: 'rtnetlink', complete: true, gaps: [] });
  });
});
