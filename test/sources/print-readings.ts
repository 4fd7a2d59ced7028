// A program: prints every reading of these readers as one line of JSON. Tests start it in odd surroundings; with the
// argument `exhausted` it reads after the process has used up its file descriptors.
import { closeSync, openSync } from 'node:fs';
import { readProcCounters } from '../../src/kernel/procfs/read-proc-counters.ts';
import { readProcTableUse } from '../../src/kernel/procfs/read-proc-table-use.ts';
import { readSettings } from '../../src/kernel/procfs/read-settings.ts';
import { readAddresses, readTunnels } from '../../src/kernel/route/read-links.ts';
import { readListeners } from '../../src/kernel/sock-diag/read-listeners.ts';

function readAll(): unknown {
  return {
    listeners: readListeners(),
    addresses: readAddresses(),
    tunnels: readTunnels(),
    settings: readSettings(),
    counters: readProcCounters(),
    table: readProcTableUse(),
  };
}

function openAllDescriptors(): number[] {
  const descriptors: number[] = [];
  for (;;) {
    try {
      descriptors.push(openSync('/dev/null', 'r'));
    } catch {
      return descriptors;
    }
  }
}

// Libraries load at the first reading.
let readings = readAll();
if (process.argv[2] === 'exhausted') {
  const descriptors = openAllDescriptors();
  readings = readAll();
  descriptors.forEach((descriptor) => closeSync(descriptor));
}
process.stdout.write(`${JSON.stringify(readings)}\n`);
