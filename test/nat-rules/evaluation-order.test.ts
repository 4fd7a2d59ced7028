// The order in which the kernel asks base chains, tried with one UDP packet and the rules' counters.
import { describe, expect, it } from 'vitest';
import { inNamespace } from './in-namespace.ts';
import type { Command } from './namespace-plan.ts';

/** A device, a route and a neighbour: the packet passes postrouting and is lost behind it. */
const DEVICE = [
  'ip link add d0 type veth peer name d1',
  'ip link set d1 up',
  'ip addr add 192.0.2.1/24 dev d0',
  'ip link set d0 up',
  'ip neigh add 192.0.2.9 lladdr 02:00:00:00:00:09 dev d0',
].map(shell);

const SEND = { program: 'bash', args: ['-c', 'echo x > /dev/udp/192.0.2.9/999'] };

function shell(line: string): Command {
  return { program: 'sh', args: ['-c', line] };
}

function chain(family: string, table: string, priority: number, port: number): Command {
  return shell(
    `nft 'add table ${family} ${table}; add chain ${family} ${table} p { type nat hook postrouting priority ${priority}; }; ` +
      `add rule ${family} ${table} p meta l4proto udp counter masquerade to :${port}'`,
  );
}

const LEGACY = shell('iptables-legacy -t nat -A POSTROUTING -p udp -j MASQUERADE --to-ports 3003');

describe('the first rule in our order takes the packet', () => {
  it.each([
    ['of one priority, the chain registered later', [chain('ip', 'a', 100, 1001), chain('ip', 'b', 100, 2002)], 2002],
    ['of two priorities, the lower', [chain('ip', 'b', 99, 2002), chain('ip', 'a', 101, 1001)], 2002],
    ['inet and ip alike', [chain('inet', 'i', 100, 1001), chain('ip', 'b', 100, 2002)], 2002],
    ['ip and inet alike', [chain('ip', 'b', 100, 2002), chain('inet', 'i', 100, 1001)], 1001],
    ['nftables at 99 before iptables-legacy', [LEGACY, chain('ip', 'b', 99, 2002)], 2002],
    ['nftables at 101 after iptables-legacy', [chain('ip', 'b', 101, 2002), LEGACY], 3003],
  ])('%s', (_, rules, port) => {
    const { reading } = inNamespace({ setup: [...DEVICE, ...rules, SEND], oracles: [] });
    const [first, second] = reading.value.sourceNat;
    expect(first).toMatchObject({ packets: 1, action: { range: { first: port, last: port } } });
    expect(second).toMatchObject({ packets: 0 });
  });
});
