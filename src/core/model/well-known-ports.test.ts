import { describe, expect, it } from 'vitest';
import { TCP, UDP } from './protocol.ts';
import { portOwner } from './well-known-ports.ts';

describe('portOwner', () => {
  it.each([
    [{ protocol: TCP, port: 10_250 }, 'kubelet'],
    [{ protocol: TCP, port: 9099, process: 'calico-node' }, 'Felix health'],
    [{ protocol: TCP, port: 10_250, process: 'python3' }, 'python3'],
    [{ protocol: TCP, port: 12_345, process: 'nginx' }, 'nginx'],
    [{ protocol: TCP, port: 12_345 }, 'unknown'],
    [{ protocol: UDP, port: 10_250 }, 'unknown'],
    [{ protocol: UDP, port: 51_821 }, 'WireGuard'],
  ])('names %j %s', (user, owner) => {
    expect(portOwner(user)).toBe(owner);
  });
});
