// The size of the program; what it lets through is tried on the kernel (test/agent).
import { describe, expect, it } from 'vitest';
import { eventFilter } from './event-filter.ts';

const addresses = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `10.0.${index >>> 8}.${index & 255}`);

describe('eventFilter', () => {
  it('compares both ends with each IPv4 address that is not loopback', () => {
    const size = (list: readonly string[]): number => (eventFilter(list)?.length ?? 0) / 8;
    expect(size(['192.0.2.1', '127.0.0.1', '2001:db8::1']) - size([])).toBe(4);
  });

  it('stays within what the kernel takes, or is none', () => {
    expect((eventFilter(addresses(500))?.length ?? 0) / 8).toBeLessThanOrEqual(4096);
    expect(eventFilter(addresses(501))).toBeUndefined();
  });
});
