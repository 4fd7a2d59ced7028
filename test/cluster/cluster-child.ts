// Program: owns servers as a test run does, says where they keep their files, then waits for its end, or throws when the
// second word is `crash`. The first word names what it owns: a `cluster`, or a `stand-in`, which is started sooner.
import { join } from 'node:path';
import { BoundProcess } from './bound-process.ts';
import { findClusterBinaries } from './cluster-binaries.ts';
import { ScratchFolder } from './scratch-folder.ts';
import { TestCluster } from './test-cluster.ts';

const [owned, ending] = process.argv.slice(2);
const folder = owned === 'cluster' ? await startCluster() : startStandIn();
process.stdout.write(`${folder}\n`);
setInterval(() => {
  if (ending === 'crash') throw new Error('a bug in a test');
}, 300);

async function startCluster(): Promise<string> {
  const binaries = findClusterBinaries(process.env);
  if ('missing' in binaries) throw new Error(`no ${binaries.missing}`);
  return (await TestCluster.start({ binaries })).folder;
}

/** One process that waits for ever and names the folder on its command line, as the servers do. */
function startStandIn(): string {
  const { path } = new ScratchFolder('portolan-stand-in-');
  const logFile = join(path, 'log');
  const server = new BoundProcess('tail', { args: ['-f', logFile], logFile });
  if (server.pid === undefined) throw new Error('no stand-in');
  return path;
}
