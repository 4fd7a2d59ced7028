// Forms of `cilium bpf nat list`, made by hand after its source.
import { describe, expect, it } from 'vitest';
import { conntrackLine, parseCiliumNat } from './parse-cilium-nat.ts';

const TEXT = `TCP IN 203.0.113.9:443 -> 192.0.2.10:40001 XLATE_DST 10.0.1.5:33388 Created=155sec ago NeedsCT=0
TCP OUT 10.0.1.5:33388 -> 203.0.113.9:443 XLATE_SRC 192.0.2.10:40001 Created=155sec ago NeedsCT=0
UDP OUT [fd00::5]:5353 -> [2001:db8::9]:53 XLATE_SRC [2001:db8::10]:50001 Created=5sec ago HostLocal=1
`;
const TCP = {
  protocol: 6,
  source: '10.0.1.5',
  sourcePort: 33_388,
  remote: '203.0.113.9',
  remotePort: 443,
  snatAddress: '192.0.2.10',
  snatPort: 40_001,
};
const swap = (port: number): number => ((port & 0xff) << 8) | (port >>> 8);

function json(order: (port: number) => number): string {
  const key = {
    DestAddr: [203, 0, 113, 9],
    SourceAddr: [10, 0, 1, 5],
    DestPort: order(443),
    SourcePort: order(33_388),
    NextHeader: 6,
    Flags: 0,
  };
  const value = { Created: 1, HostLocal: 0, Pad1: 0, Pad2: 0, Addr: [192, 0, 2, 10], Port: order(40_001) };
  return JSON.stringify(
    [
      { Key: key, Value: value },
      { Key: { ...key, Flags: 1 }, Value: value },
    ],
    undefined,
    2,
  );
}

describe('parseCiliumNat', () => {
  it('reads the text, each translation once', () => {
    const { mappings, unread } = parseCiliumNat(TEXT);
    expect(unread).toBe(0);
    expect(mappings).toEqual([
      TCP,
      {
        protocol: 17,
        source: 'fd00::5',
        sourcePort: 5353,
        remote: '2001:db8::9',
        remotePort: 53,
        snatAddress: '2001:db8::10',
        snatPort: 50_001,
      },
    ]);
  });

  it.each([
    ['host order', (port: number) => port],
    ['network order', swap],
  ])('reads JSON in %s', (_, order) => {
    expect(parseCiliumNat(json(order))).toEqual({ mappings: [TCP], unread: 0 });
  });

  it('counts what it does not understand, and never throws', () => {
    expect(parseCiliumNat('XYZ OUT 1.2.3.4:1 -> 1.2.3.4:2 XLATE_SRC 1.2.3.4:3\n')).toEqual({ mappings: [], unread: 1 });
    expect(parseCiliumNat('[{"Key": {}, "Value": null}]')).toEqual({ mappings: [], unread: 1 });
    expect(parseCiliumNat('[{"Key": ')).toEqual({ mappings: [], unread: 0 });
  });

  it('makes lines that the reader of conntrack takes', () => {
    expect(conntrackLine(TCP)).toBe(
      'cilium 6 src=10.0.1.5 dst=203.0.113.9 sport=33388 dport=443 src=203.0.113.9 dst=192.0.2.10 sport=443 dport=40001 mark=0 use=1\n',
    );
  });
});
