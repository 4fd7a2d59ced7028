// More flows than the range has ports, to many destinations: each port serves many at once, so nothing is scarce.
import { occupiedPorts } from '../occupied-ports.ts';
import type { Scenario } from '../scenario.ts';

const RANGE = { first: 32_768, last: 65_535 };
const PORTS_PER_SERVER = 10;

export const manyDestinations: Scenario = {
  name: 'many-destinations',
  story:
    '34,000 open connections through 32,768 source ports, spread over 200 destinations. The limit is per destination, so every one of them is fine.',
  lab: { nodes: 1, podsPerNode: 3, servers: 1, addressesPerServer: 20, nat: { range: RANGE } },
  async setup(stage) {
    for (const remoteAddress of stage.server.addresses) {
      for (let port = 0; port < PORTS_PER_SERVER; port += 1) {
        const snatPorts = occupiedPorts({ range: RANGE, share: 170 / 32_768, random: stage.random });
        await stage.hold({ snatPorts, remoteAddress, remotePort: 8000 + port });
      }
    }
  },
  expect: [{ check: 'fine', severity: 'ok', subject: 'node' }],
};
