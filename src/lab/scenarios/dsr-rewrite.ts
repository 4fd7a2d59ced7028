// A load balancer with direct server return rewrites whatever leaves the node from a NodePort, egress flows included.
import { TCP } from '../../core/model/protocol.ts';
import type { Scenario } from '../scenario.ts';
import { nodePortRules } from './nodeport-rules.ts';

const NODE_PORT = 30_080;
const TABLE = { family: 'ip', table: 'load-balancer' } as const;

export const dsrRewrite: Scenario = {
  name: 'dsr-rewrite',
  story:
    'The network rewrites the source port of packets that leave the node from NodePort 30080, as a load balancer with direct server return must. Egress flows that get this port stay unanswered; all others work.',
  lab: {
    nodes: 1,
    podsPerNode: 2,
    servers: 1,
    addressesPerServer: 20,
    nat: { range: { first: NODE_PORT, last: NODE_PORT + 15 } },
  },
  async setup(stage) {
    await stage.node.host.run(
      'nftables',
      nodePortRules([{ protocol: TCP, nodePort: NODE_PORT, podAddress: stage.pod(1).address, podPort: 8080 }]),
    );
    await stage.lab.fabric.run('nftables', rewriteRules(stage.node.address));
    await stage.server.host.run('tcp-listen', { port: 443, manner: 'hold' });
    const connects = stage.server.addresses.map((address) =>
      stage.pod(0).host.run('tcp-connect', {
        address,
        port: 443,
        concurrency: 10,
        count: 10,
        timeoutMs: 800,
        closer: 'keep',
      }),
    );
    await Promise.all(connects);
  },
  expect: [
    { check: 'conflict', severity: 'warning', subject: 'node' },
    { check: 'conflict', severity: 'info', subject: 'node' },
  ],
};

function rewriteRules(nodeAddress: string) {
  return [
    { ...TABLE, kind: 'add-table' },
    {
      ...TABLE,
      kind: 'add-chain',
      chain: 'from-nodes',
      base: { type: 'filter', hook: 'prerouting', priority: -300 },
    },
    {
      ...TABLE,
      kind: 'add-rule',
      chain: 'from-nodes',
      statements: [
        { kind: 'saddr', cidr: nodeAddress },
        { kind: 'l4proto', protocol: TCP },
        { kind: 'sport', ports: { first: NODE_PORT, last: NODE_PORT } },
        { kind: 'counter' },
        { kind: 'set-sport', protocol: TCP, port: 80 },
      ],
    },
  ] as const;
}
