// npm run walk-through [-- --keep]: the commands for a cluster, one after another as a person types them, on a real API server and
// the real kernel; --keep leaves the cluster running for commands of your own. Exit 0: all ended as told; 1: one did not.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findClusterBinaries } from '../cluster-binaries.ts';
import { ScratchFolder } from '../scratch-folder.ts';
import { TestCluster } from '../test-cluster.ts';
import { EgressStory, REMOTE_PORT } from './egress-story.ts';
import { savedWidening } from './saved-widening.ts';

const PORTOLAN = fileURLToPath(new URL('../../../../bin/portolan.js', import.meta.url));
const UNABLE = 3;
/** Something was found, which is what these are for. */
const FOUND = [0, 2];
const DONE = [0];

interface Ground {
  readonly cluster: TestCluster;
  readonly story: EgressStory;
  /** Commands run here, so that a plan is `plan.json`. */
  readonly folder: string;
}

interface Step {
  readonly words: readonly string[];
  readonly codes: readonly number[];
}

const { values } = parseArgs({ options: { keep: { type: 'boolean', default: false } } });
const binaries = findClusterBinaries(process.env);
if ('missing' in binaries) {
  console.error(`Cannot walk through a cluster: no ${binaries.missing}`);
  process.exitCode = UNABLE;
} else {
  const scratch = new ScratchFolder('portolan-walk-');
  const cluster = await TestCluster.start({ binaries });
  try {
    const story = await EgressStory.begin({ admin: cluster.admin, kubelet: cluster.kubelet, binaries });
    try {
      await walk({ cluster, story, folder: scratch.path });
    } finally {
      await story.end();
    }
  } finally {
    await cluster.stop();
    scratch.remove();
  }
}

async function walk(ground: Ground): Promise<void> {
  ground.story.startTraffic();
  if (values.keep) return await keep(ground);
  for (const step of steps(ground)) {
    const code = await run(ground, step.words);
    if (step.codes.includes(code)) continue;
    console.error(`portolan ${step.words[0]} ended with ${code}, wanted ${step.codes.join(' or ')}`);
    process.exitCode = 1;
    return;
  }
}

/** Each is asked for when its turn comes: the port is one that the new range gave. */
function* steps({ story, folder }: Ground): Generator<Step> {
  yield { words: ['diagnose'], codes: FOUND };
  yield { words: ['plan', '--out', 'plan.json'], codes: FOUND };
  yield { words: ['apply', `plan.json#${savedWidening(join(folder, 'plan.json'))}`, '--yes'], codes: DONE };
  yield { words: ['status'], codes: DONE };
  yield { words: ['verify'], codes: DONE };
  yield { words: ['who', `${story.crowded.address}:${Math.min(...story.portsInUse())}`], codes: DONE };
  yield { words: ['preflight', '--to', '32768:65535'], codes: FOUND };
  yield { words: ['undo', '--yes'], codes: DONE };
}

/** What a person's terminal would show: both streams, as they come. */
async function run({ cluster, folder }: Ground, words: readonly string[]): Promise<number> {
  console.log(`$ portolan ${words.join(' ')}`);
  const env = { ...process.env, KUBECONFIG: cluster.kubeconfig, NO_COLOR: '1', COLUMNS: '100' };
  const child = spawn(process.execPath, [PORTOLAN, ...words], {
    cwd: folder,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve(status ?? UNABLE));
  });
  console.log('');
  return code;
}

async function keep({ cluster, story, folder }: Ground): Promise<void> {
  const [server] = story.cluster.server(0).addresses;
  console.log(`export KUBECONFIG=${cluster.kubeconfig}; cd ${folder}`);
  console.log(`Pods of ${story.crowded.name} connect to ${server}:${REMOTE_PORT}. Ctrl-C ends the cluster.`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
}
