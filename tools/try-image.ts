// Program: does what deploy/Dockerfile says without a registry, and starts what comes of it as Kubernetes would: nothing but the image's own
// files and the system's libraries, a root nobody can write to, as the image's user and as the agent of the DaemonSet. Needs root, npm's
// registry, and the node that is here in the place of the image's.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuiltImage, followDockerfile } from './image/follow-dockerfile.ts';
import { parseDockerfile } from './image/parse-dockerfile.ts';

const CONTEXT = fileURLToPath(new URL('../..', import.meta.url));

/** Root file system of a container: $1 is the image, the rest is run inside; /tmp is not there and nothing can be written. */
const CONTAINER = `
image=$1; shift
root=$(mktemp -d)
mount -t tmpfs none "$root"
for name in usr bin sbin lib lib64 etc; do
  if [ -L "/$name" ]; then cp -d "/$name" "$root/"
  elif [ -d "/$name" ]; then mkdir "$root/$name"; mount --rbind "/$name" "$root/$name"; mount -o remount,bind,ro "$root/$name"; fi
done
for name in $(ls "$image"); do mkdir "$root/$name"; mount --bind "$image/$name" "$root/$name"; mount -o remount,bind,ro "$root/$name"; done
mkdir "$root/proc" "$root/dev"; mount -t proc proc "$root/proc"; mount --bind /dev "$root/dev"
mount -o remount,ro "$root"
ip link set lo up
exec chroot "$root" "$@"`;

/** As the DaemonSet's security context. */
const AGENT = ['--no-new-privs', '--bounding-set=-all,+net_admin', '--inh-caps=-all,+net_admin'];

/** Starts the agent, asks it, ends it; as the container's first process would be treated. */
const ASK = `
const { spawn } = await import('node:child_process');
const agent = spawn(process.argv[1], process.argv.slice(2), { stdio: ['ignore', 'inherit', 'inherit'] });
const ask = (path) => fetch('http://127.0.0.1:9976' + path).then(async (answer) => answer.status + ' ' + (await answer.text()).length, () => '');
let ready = '';
for (let round = 0; round < 100 && !ready.startsWith('200'); round += 1) { await new Promise((resume) => setTimeout(resume, 100)); ready = await ask('/readyz'); }
const metrics = await ask('/metrics');
agent.kill('SIGTERM');
const code = await new Promise((resolve) => agent.on('exit', resolve));
console.log('ready ' + ready + ', metrics ' + metrics + ' bytes, ended with ' + code);
process.exitCode = /^200 /.test(ready) && /^200 \\d{4}/.test(metrics) && code === 143 ? 0 : 1;`;

/** What each place answers to a write. */
const WRITE = `
for (const path of ['/x', '/portolan/x', '/usr/x'])
  try { (await import('node:fs')).writeFileSync(path, ''); console.log('written'); } catch (error) { console.log(error.code); }`;

interface Trial {
  readonly name: string;
  readonly words: readonly string[];
  /** In what it prints. */
  readonly wanted: RegExp;
}

function trialsOf({ words, uid, gid }: BuiltImage): readonly Trial[] {
  const user = [
    'setpriv',
    '--no-new-privs',
    '--bounding-set=-all',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
  ];
  const program = words.filter((word) => word !== '--help');
  const dryRun = ['install', '--image', 'portolan:1', '--dry-run', 'client', '-o', 'yaml'];
  return [
    { name: `as ${uid}, without arguments`, words: [...user, ...words], wanted: /portolan diagnose/ },
    { name: `as ${uid}, version`, words: [...user, ...program, 'version'], wanted: /\d+\.\d+\.\d+/ },
    { name: `as ${uid}, manifests`, words: [...user, ...program, ...dryRun], wanted: /kind: DaemonSet/ },
    {
      name: 'uid 0 writes nowhere',
      words: ['node', '--input-type=module', '-e', WRITE],
      wanted: /^(EROFS\n){3}$/,
    },
    {
      name: 'agent, uid 0 with NET_ADMIN alone',
      words: ['node', '--input-type=module', '-e', ASK, 'setpriv', ...AGENT, ...program, 'agent', '--name', 'n'],
      wanted: /^ready 200 .*, ended with 143$/m,
    },
  ];
}

function tryOut(image: BuiltImage, { name, words, wanted }: Trial): boolean {
  const path = `${dirname(process.execPath)}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
  const args = ['-mnpf', '--kill-child', '--', 'sh', '-ec', CONTAINER, 'sh', image.root, ...words];
  const ran = spawnSync('unshare', args, { encoding: 'utf8', env: { ...image.env, PATH: path }, timeout: 60_000 });
  const isFine = ran.status === 0 && wanted.test(ran.stdout);
  process.stdout.write(`${isFine ? 'ok    ' : 'FAILED'}  ${name}\n`);
  if (!isFine) process.stdout.write(`${ran.stdout}${ran.stderr}${ran.error?.message ?? ''}\n`);
  return isFine;
}

const scratch = mkdtempSync(join(tmpdir(), 'portolan-image-'));
try {
  chmodSync(scratch, 0o755);
  const onStep = (text: string): void => void process.stdout.write(`RUN ${text}\n`);
  const stages = parseDockerfile(readFileSync(join(CONTEXT, 'deploy/Dockerfile'), 'utf8'));
  const image = followDockerfile(stages, { context: CONTEXT, scratch, onStep });
  const fine = trialsOf(image).map((trial) => tryOut(image, trial));
  process.stdout.write(`Tried with node ${process.version} in the place of ${stages[0]?.image ?? ''}\n`);
  process.exitCode = fine.every(Boolean) ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true });
}
