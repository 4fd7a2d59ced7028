// The range was written for UDP only: TCP falls through to the rule without a range.
import { UDP } from '../../core/model/protocol.ts';
import type { Scenario } from '../scenario.ts';

export const rangeOnWrongProtocol: Scenario = {
  name: 'range-on-wrong-protocol',
  story: 'The range 32768-65535 is set for UDP only. TCP egress, which it was meant for, uses 1024-65535.',
  lab: {
    nodes: 1,
    podsPerNode: 2,
    servers: 1,
    nat: { range: { first: 32_768, last: 65_535 }, protocols: [UDP] },
  },
  async setup(stage) {
    await stage.server.host.run('tcp-listen', { port: 443, manner: 'hold' });
    const target = { address: stage.remote, port: 443, concurrency: 10, timeoutMs: 5000 };
    await stage.open(stage.pod(0).host, { ...target, count: 60, closer: 'keep' });
  },
  expect: [{ check: 'range-protocol', severity: 'warning', subject: 'node' }],
};
