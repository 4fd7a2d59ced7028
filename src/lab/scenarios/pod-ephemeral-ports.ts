// One pod has used up its own source ports towards one server; the node has plenty left.
import { TCP } from '../../core/model/protocol.ts';
import { occupiedPorts } from '../occupied-ports.ts';
import type { Scenario } from '../scenario.ts';
import { MAIN_REMOTE } from './main-remote.ts';

const WIDE = { first: 1024, last: 65_535 };
const POD_PORTS_HELD = 28_100;

export const podEphemeralPorts: Scenario = {
  name: 'pod-ephemeral-ports',
  story:
    'One pod holds 28,100 connections to one server, of the 28,232 that its own ip_local_port_range allows. Its connects fail with EADDRNOTAVAIL, and no range of the node helps.',
  lab: { nodes: 1, podsPerNode: 2, servers: 1, nat: { range: WIDE } },
  async setup(stage) {
    await stage.hold({
      sources: [stage.pod(0).address],
      firstSourcePort: 32_768,
      snatPorts: occupiedPorts({
        range: WIDE,
        share: POD_PORTS_HELD / (WIDE.last - WIDE.first + 1),
        turnovers: 0,
        random: stage.random,
      }),
    });
  },
  expect: [{ check: 'pod-ephemeral-ports', severity: 'critical', subject: { protocol: TCP, ...MAIN_REMOTE } }],
};
