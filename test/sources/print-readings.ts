// A program: prints every reading of this folder's readers as one line of JSON. Tests start it in odd surroundings.
import { readProcCounters } from '../../src/kernel/procfs/read-proc-counters.ts';
import { readProcTableUse } from '../../src/kernel/procfs/read-proc-table-use.ts';
import { readSettings } from '../../src/kernel/procfs/read-settings.ts';
import { readAddresses, readTunnels } from '../../src/kernel/route/read-links.ts';
import { readListeners } from '../../src/kernel/sock-diag/read-listeners.ts';

const readings = {
  listeners: readListeners(),
  addresses: readAddresses(),
  tunnels: readTunnels(),
  settings: readSettings(),
  counters: readProcCounters(),
  table: readProcTableUse(),
};
process.stdout.write(`${JSON.stringify(readings)}\n`);
