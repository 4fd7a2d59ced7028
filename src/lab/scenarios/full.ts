// Every port of the range held by open connections to one destination.
import { TCP } from '../../core/model/protocol.ts';
import { occupiedPorts } from '../occupied-ports.ts';
import type { Scenario } from '../scenario.ts';
import { MAIN_REMOTE } from './main-remote.ts';

const RANGE = { first: 32_768, last: 65_535 };

export const full: Scenario = {
  name: 'full',
  story: 'All 32,768 source ports towards one server are held by open connections: every further connect times out.',
  lab: { nodes: 1, podsPerNode: 3, servers: 1, nat: { range: RANGE } },
  async setup(stage) {
    await stage.server.host.run('tcp-listen', { port: 443, manner: 'hold' });
    await stage.hold({ snatPorts: occupiedPorts({ range: RANGE, share: 1, random: stage.random }) });
  },
  drive(stage) {
    const target = { address: stage.remote, port: 443, concurrency: 20, timeoutMs: 1000, perSecond: 20 };
    stage.background(stage.pod(0).host, 'tcp-connect', { ...target, closer: 'client' });
  },
  expect: [{ check: 'exhausted', severity: 'critical', subject: { protocol: TCP, ...MAIN_REMOTE } }],
};
