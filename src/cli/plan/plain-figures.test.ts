import { describe, expect, it } from 'vitest';
import { eraBehaviour } from '../../core/alloc/kernel-era.ts';
import { TCP, UDP } from '../../core/model/protocol.ts';
import { plainFigures } from './plain-figures.ts';
import type { ClusterFigures, LoadFigures } from './plan-request.ts';

function figures(load: LoadFigures, cluster: ClusterFigures = {}, protocol = TCP) {
  const destination = { protocol, family: 4, remoteAddress: '203.0.113.9', remotePort: 443 } as const;
  return plainFigures({ kind: 'figures', destination, load, cluster });
}

describe('plainFigures', () => {
  it('leaves out what was not given', () => {
    expect(figures({ connections: 5 })).toEqual({
      protocol: TCP,
      remoteAddress: '203.0.113.9',
      remotePort: 443,
      flows: 5,
    });
  });

  it('holds a TCP port for TIME_WAIT after the connection, a UDP port not', () => {
    expect(figures({ perSecond: 300, liveSeconds: 2 })).toMatchObject({ holdSeconds: 122, liveShare: 2 / 122 });
    expect(figures({ perSecond: 300, liveSeconds: 2 }, {}, UDP)).toMatchObject({ holdSeconds: 2, liveShare: 1 });
    expect(figures({ perSecond: 300, liveSeconds: 2, holdSeconds: 8 })).toMatchObject({
      holdSeconds: 8,
      liveShare: 0.25,
    });
  });

  it('hands everything else on under its own name', () => {
    const behaviour = eraBehaviour('5.0');
    const range = { first: 1025, last: 65_535 };
    expect(
      figures(
        { connections: 5, range, addresses: 2, behaviour },
        { podCidr: '10.0.0.0/8', skipPorts: [range], nodes: 3 },
      ),
    ).toMatchObject({
      ranges: [range],
      addresses: 2,
      behaviour,
      podCidrs: ['10.0.0.0/8'],
      nodes: 3,
      claims: [
        { protocol: TCP, ports: range, source: '--skip-ports' },
        { protocol: UDP, ports: range, source: '--skip-ports' },
      ],
    });
  });
});
