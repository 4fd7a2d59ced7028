// Real connections that stay open, a few more every second: nothing is lost yet, and soon will be.
import { TCP } from '../../core/model/protocol.ts';
import { MAIN_REMOTE } from './main-remote.ts';
import type { Scenario } from '../scenario.ts';

export const filling: Scenario = {
  name: 'filling',
  story:
    'Pods keep every connection they open. 384 of 512 source ports towards one server are held, and 10 more each second: connects still succeed, for some seconds.',
  lab: { nodes: 1, podsPerNode: 3, servers: 1, nat: { range: { first: 40_000, last: 40_511 } } },
  async setup(stage) {
    await stage.server.host.run('tcp-listen', { port: 443, manner: 'hold' });
    const target = { address: stage.remote, port: 443, concurrency: 32, timeoutMs: 5000 };
    for (const pod of stage.node.pods) await stage.open(pod.host, { ...target, count: 128, closer: 'keep' });
  },
  drive(stage) {
    const target = { address: stage.remote, port: 443, concurrency: 3, timeoutMs: 5000, perSecond: 10 };
    stage.background(stage.pod(0).host, 'tcp-connect', { ...target, closer: 'keep' });
  },
  expect: [{ check: 'nearing', severity: 'warning', subject: { protocol: TCP, ...MAIN_REMOTE } }],
};
