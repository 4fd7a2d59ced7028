// The agent where the kernel has no conntrack and there is no /proc. The kernel of a test cannot do without the module: a seccomp filter
// answers for it as a kernel without nfnetlink does, and everything that the agent opens meets it.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

const URL_BASE = 'http://127.0.0.1:9976';

/** Numbers of prctl and socket. */
const CALLS: Readonly<Record<string, string>> = { x64: '157, 41', arm64: '167, 198' };

/** socket(AF_NETLINK, any, NETLINK_NETFILTER) is EPROTONOSUPPORT; all else is allowed. Then it becomes its arguments. */
const WITHOUT_NFNETLINK = `
my ($prctl, $socket) = (${CALLS[process.arch] ?? ''});
my @filter = ([0x20,0,0,0], [0x15,0,5,$socket], [0x20,0,0,16], [0x15,0,3,16], [0x20,0,0,32], [0x15,0,1,12],
  [0x06,0,0,0x00050000|93], [0x06,0,0,0x7fff0000]);
my $code = join '', map { pack 'SCCL', @$_ } @filter;
syscall($prctl, 38, 1, 0, 0, 0) == 0 or die "no_new_privs: $!";
syscall($prctl, 22, 2, pack('Sx6P', scalar(@filter), $code)) == 0 or die "seccomp: $!";
exec @ARGV;`;
const SCRIPT = 'mount -t tmpfs none /proc; exec perl -e "$FILTER" -- "$NODE" bin/portolan.js agent --name n';

async function until(path: string): Promise<string> {
  for (let round = 0; round < 200; round += 1) {
    const response = await fetch(`${URL_BASE}${path}`).catch(() => undefined);
    if (response?.status === 200) return response.text();
    await sleep(100);
  }
  throw new Error(`${path} never answered 200`);
}

execFileSync('ip', ['link', 'set', 'lo', 'up']);
const env = { ...process.env, FILTER: WITHOUT_NFNETLINK, NODE: process.execPath };
const agent = spawn('unshare', ['-m', '--', 'sh', '-ec', SCRIPT], { env, stdio: ['ignore', 'ignore', 'pipe'] });
process.on('exit', () => agent.kill('SIGKILL'));
let said = '';
agent.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
await until('/readyz');
const metrics = await until('/metrics');
const who: unknown = JSON.parse(await until('/who?port=40000'));
const facts = (await until('/facts?window=0')).split('\n', 1)[0] ?? '';
agent.kill('SIGTERM');
const [code] = await once(agent, 'exit');
console.log(JSON.stringify({ metrics, who, facts: facts.length, said, code }));
process.exit(0);
