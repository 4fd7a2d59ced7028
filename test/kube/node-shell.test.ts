// Commands on nodes by exec, against a server that plays the API server: what streams, what ends, what is refused or lost.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NodeShell, ShellEnd } from '../../src/kube/exec/node-shell.ts';
import { openNodeShells, type NodeShells } from '../../src/kube/exec/open-node-shells.ts';
import { PodShell } from '../../src/kube/exec/pod-shell.ts';
import { ExecSide, refuseUpgrade } from './exec-side.ts';
import { type FaultyServer, startFaultyServer } from './https-server.ts';

const { signal } = new AbortController();

let server: FaultyServer;
let asked: string[];
let pods: Readonly<Record<string, readonly object[] | number>>;
let exec: (side: ExecSide) => void | Promise<void>;
let refuse: ((request: IncomingMessage, socket: Duplex) => boolean) | undefined;
let protocol: string | undefined;

beforeEach(async () => {
  asked = [];
  pods = { 'calico-system': [podOf('calico-node', 'worker-1')], 'kube-system': [] };
  exec = (side) => side.exit(0);
  refuse = undefined;
  protocol = undefined;
  server = await startFaultyServer(
    (request, response) => {
      asked.push(request.url ?? '');
      const namespace = /namespaces\/([^/]+)/.exec(request.url ?? '')?.[1] ?? '';
      const items = pods[namespace] ?? [];
      if (typeof items === 'number') {
        response.writeHead(items).end(JSON.stringify({ kind: 'Status', message: 'not allowed' }));
        return;
      }
      const one = /pods\/([^?/]+)/.exec(request.url ?? '')?.[1];
      response.end(JSON.stringify(one === undefined ? { items } : (items[0] ?? {})));
    },
    (request, socket) => {
      asked.push(`exec ${request.url ?? ''}`);
      if (refuse?.(request, socket) === true) return;
      void exec(new ExecSide(request, socket, protocol));
    },
  );
});
afterEach(() => server.close());

function podOf(app: string, node: string, changes: { metadata?: object; spec?: object; status?: object } = {}): object {
  return {
    metadata: { namespace: 'calico-system', name: `${app}-x7f2p`, ...changes.metadata },
    spec: { nodeName: node, hostNetwork: true, containers: [{ name: app }], ...changes.spec },
    status: { phase: 'Running', ...changes.status },
  };
}

async function shells(options: Partial<Parameters<typeof openNodeShells>[1]> = {}): Promise<NodeShells> {
  return openNodeShells(await server.client(), { signal, ...options });
}

async function shell(): Promise<NodeShell> {
  const found = (await shells()).shells.get('worker-1');
  if (found === undefined) throw new Error('no shell on worker-1');
  return found;
}

interface Output {
  readonly text: string;
  readonly end: ShellEnd;
}

async function run(
  command: readonly string[],
  given: { signal?: AbortSignal; timeoutSeconds?: number } = {},
): Promise<Output> {
  const parts: string[] = [];
  const end = await (await shell()).run(command, {
    stdout: (chunk) => parts.push(Buffer.from(chunk).toString('latin1')),
    signal: given.signal ?? signal,
    timeoutSeconds: given.timeoutSeconds ?? 30,
  });
  return { text: parts.join(''), end };
}

/** As containerd and runc say it. */
function absence({ query }: ExecSide): string {
  const program = query.get('command') ?? '';
  return `Internal error occurred: error executing command in container: failed to exec in container: failed to start exec "1f": OCI runtime exec failed: exec failed: unable to start container process: exec: "${program}": executable file not found in $PATH: unknown`;
}

describe('a command', () => {
  it('is given word by word, without a shell, and its output comes back', async () => {
    let words: readonly string[] = [];
    exec = (side) => {
      words = side.command;
      for (const channel of [1, 2, 3]) if (channel !== 3) side.send(channel, '');
      side.send(1, 'tcp 6 ');
      side.send(2, 'conntrack v1.4.7');
      side.send(1, 'src=10.0.0.1\n');
      side.exit(0);
    };
    const command = ['conntrack', '-L', '--src', "it's; $HOME & more"];
    expect(await run(command)).toEqual({
      text: 'tcp 6 src=10.0.0.1\n',
      end: { exitCode: 0, stderr: 'conntrack v1.4.7' },
    });
    expect(words).toEqual(command);
    const sent = asked.find((line) => line.startsWith('exec')) ?? '';
    expect(sent).toContain(
      '/api/v1/namespaces/calico-system/pods/calico-node-x7f2p/exec?container=calico-node&stdout=true&stderr=true&',
    );
  });

  it.each(['v5.channel.k8s.io', 'v4.channel.k8s.io'])('is spoken of in %s', async (chosen) => {
    protocol = chosen;
    exec = (side) => {
      side.send(1, 'x');
      side.exit(3);
    };
    expect(await run(['false'])).toEqual({ text: 'x', end: { exitCode: 3, stderr: '' } });
  });

  it('may print without end on stderr; the first KiB are kept', async () => {
    exec = (side) => {
      for (let count = 0; count < 100; count += 1) side.send(2, 'x'.repeat(1000));
      side.exit(1);
    };
    const { end } = await run(['noisy']);
    expect(end).toEqual({ exitCode: 1, stderr: 'x'.repeat(8192) });
  });

  it('may print much more than memory should hold, and nothing of it is kept', async () => {
    const chunk = Buffer.alloc(32 * 1024, 'a');
    const chunks = 8192;
    exec = async (side) => {
      for (let count = 0; count < chunks; count += 1) if (!side.send(1, chunk)) await side.drained();
      side.exit(0);
    };
    let bytes = 0;
    let peak = 0;
    const before = process.memoryUsage();
    await (await shell()).run(['cat'], {
      stdout: (part) => {
        bytes += part.length;
        const { arrayBuffers } = process.memoryUsage();
        peak = Math.max(peak, arrayBuffers - before.arrayBuffers);
      },
      signal,
      timeoutSeconds: 60,
    });
    expect(bytes).toBe(chunks * chunk.length);
    expect(peak).toBeLessThan(bytes / 2);
  });
});

describe('a command that fails', () => {
  it.each([
    [126, 'exec: permission denied'],
    [127, 'sh: conntrack: not found'],
  ])('with exit code %d and no output was not there', async (code, said) => {
    exec = (side) => {
      side.send(2, said);
      side.exit(code);
    };
    await expect(run(['conntrack', '-L'])).rejects.toMatchObject({
      code: 'PTL_EXEC',
      message: expect.stringContaining(said),
      facts: { reason: 'command-absent', program: 'conntrack', node: 'worker-1' },
    });
  });

  it.each<[string, (side: ExecSide) => void]>([
    [
      'the container runtime',
      (side) => side.sendStatus({ status: 'Failure', reason: 'InternalError', message: absence(side), code: 500 }),
    ],
    [
      'an exit code',
      (side) =>
        side.sendStatus({
          status: 'Failure',
          reason: 'NonZeroExitCode',
          details: { causes: [{ reason: 'ExitCode', message: '127' }] },
        }),
    ],
  ])('runs without an end mark in an image without a shell, as %s says', async (_, say) => {
    exec = (side) => {
      if (side.isMarked) return say(side);
      side.send(1, 'tcp 6');
      side.exit(0);
    };
    const found = await shell();
    const options = { stdout: () => undefined, signal, timeoutSeconds: 30 };
    const whole = { exitCode: 0, stderr: '', mayBeCut: true };
    expect([await found.run(['cat'], options), await found.run(['cat'], options)]).toEqual([whole, whole]);
    expect(asked.filter((line) => line.startsWith('exec'))).toHaveLength(3);
  });

  it('says when the container runtime finds no such program', async () => {
    exec = (side) => side.sendStatus({ status: 'Failure', reason: 'InternalError', message: absence(side), code: 500 });
    await expect(run(['ss', '-tan'])).rejects.toMatchObject({
      code: 'PTL_EXEC',
      message: expect.stringContaining('the image has no ss'),
      facts: { reason: 'command-absent' },
    });
  });

  it.each([
    [
      'a reason of its own',
      { status: 'Failure', reason: 'InternalError', message: 'container not running (abc)' },
      'container not running',
    ],
    ['nothing that is known', {}, 'no reason given'],
  ])('with %s did not start', async (_, status, said) => {
    exec = (side) => side.sendStatus(status);
    await expect(run(['cat'])).rejects.toMatchObject({ code: 'PTL_EXEC', facts: { reason: 'failed' } });
    await expect(run(['cat'])).rejects.toThrow(said === 'no reason given' ? 'Cannot run cat' : said);
  });

  it.each<[string, (side: ExecSide) => void]>([
    ['between two frames', (side) => side.cut()],
    [
      'in the middle of a frame',
      (side) => {
        side.sendHalf(1, 'y'.repeat(300));
        setTimeout(() => side.cut(), 20);
      },
    ],
  ])('is told from one that ended when the connection is lost %s', async (_, lose) => {
    exec = (side) => {
      side.send(1, 'tcp 6 first half of a ta');
      lose(side);
    };
    await expect(run(['cat'])).rejects.toMatchObject({
      code: 'PTL_EXEC',
      message: expect.stringContaining('before the command had ended, wanted all of its output'),
      facts: { reason: 'cut' },
    });
  });

  it('is told from one that ended when the server calls it a success without the end of its output', async () => {
    exec = (side) => {
      side.send(1, 'tcp 6 first half of a ta');
      side.sendStatus({ status: 'Success' });
    };
    await expect(run(['cat'])).rejects.toMatchObject({
      code: 'PTL_EXEC',
      message: expect.stringContaining('the output stopped before the command had ended'),
      facts: { reason: 'cut' },
    });
  });

  it('ends with what the reader of its output throws, and is stopped on the node', async () => {
    const problem = new RangeError('too many flows');
    const closed = new Promise<void>((resolve) => {
      exec = (side) => {
        side.send(1, 'x'.repeat(100));
        void side.onceClosed().then(resolve);
      };
    });
    const stdout = (): void => {
      throw problem;
    };
    await expect((await shell()).run(['cat'], { stdout, signal, timeoutSeconds: 30 })).rejects.toBe(problem);
    await closed;
  });

  it('ends with the signal, and is stopped on the node', async () => {
    const controller = new AbortController();
    const closed = new Promise<void>((resolve) => {
      exec = (side) => {
        side.send(1, 'x'.repeat(100));
        void side.onceClosed().then(resolve);
        controller.abort('SIGINT');
      };
    });
    await expect(run(['cat'], { signal: controller.signal })).rejects.toBe('SIGINT');
    await closed;
  });

  it('is given up after its time', async () => {
    exec = () => undefined;
    await expect(run(['sleep', '1d'], { timeoutSeconds: 0.1 })).rejects.toMatchObject({
      code: 'PTL_EXEC',
      message: expect.stringContaining('it did not end within 0.1 s'),
      facts: { reason: 'timeout' },
    });
  });
});

describe('an exec that is refused', () => {
  const refuseWith = (status: number, message: string): void => {
    refuse = (_, socket) => {
      refuseUpgrade(socket, status, message);
      return true;
    };
  };

  it('with 403 names the rule', async () => {
    refuseWith(403, 'pods "calico-node-x7f2p" is forbidden: User "u" cannot get resource "pods/exec"');
    await expect(run(['cat'])).rejects.toMatchObject({
      code: 'PTL_API_FORBIDDEN',
      message: expect.stringContaining('cannot get resource "pods/exec"'),
      hint: 'a Role in namespace calico-system with this rule: {apiGroups: [""], resources: ["pods/exec"], verbs: ["get", "create"]}',
    });
  });

  it.each([
    [401, 'Unauthorized', 'PTL_API_UNAUTHORISED'],
    [404, 'pods "calico-node-x7f2p" not found', 'PTL_API_ABSENT'],
    [400, 'container calico-node is not valid for pod', 'PTL_EXEC'],
  ])('with %d says what the server said', async (status, said, code) => {
    refuseWith(status, said);
    await expect(run(['cat'])).rejects.toMatchObject({ code, message: expect.stringContaining(said) });
  });

  it.each([500, 502])('with %d says that the node is not reached, and asks once', async (status) => {
    refuseWith(status, 'error dialing backend: dial tcp 192.0.2.10:10250: connect: connection refused');
    await expect(run(['cat'])).rejects.toMatchObject({
      code: 'PTL_EXEC',
      message: expect.stringContaining(
        'Cannot run a command on node worker-1: the API server does not reach its kubelet',
      ),
    });
    expect(asked.filter((line) => line.startsWith('exec'))).toHaveLength(1);
  });

  it('because the server is busy is asked for again', async () => {
    refuse = (_, socket) => {
      if (asked.filter((line) => line.startsWith('exec')).length > 2) return false;
      refuseUpgrade(socket, 429, 'too many requests');
      return true;
    };
    expect((await run(['cat'])).end.exitCode).toBe(0);
    expect(server.waits).toEqual([187.5, 375]);
  });

  it('because nothing listens there is unreachable', async () => {
    const place = { node: 'worker-1', namespace: 'calico-system', pod: 'calico-node-x7f2p', container: 'calico-node' };
    const lost = new PodShell(await server.clientOf('https://127.0.0.1:1'), place);
    await expect(lost.run(['cat'], { stdout: () => undefined, signal, timeoutSeconds: 30 })).rejects.toMatchObject({
      code: 'PTL_API_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    expect(server.waits).toHaveLength(5);
  });
});

describe('the pods that serve as shells', () => {
  it('are calico-node, and kube-proxy where that does not run', async () => {
    pods = {
      'calico-system': [
        podOf('calico-node', 'worker-1'),
        podOf('calico-node', 'worker-2', { status: { phase: 'Pending' } }),
      ],
      'kube-system': [podOf('kube-proxy', 'worker-1'), podOf('kube-proxy', 'worker-2')],
    };
    const { shells: found, absence } = await shells();
    const containers = [...found].map(([node, { place }]) => `${node}: ${place.split(', ')[1] ?? ''}`);
    expect(containers.toSorted()).toEqual(['worker-1: container calico-node', 'worker-2: container kube-proxy']);
    expect(absence.why).toContain('no running pod of calico-node or kube-proxy');
  });

  it.each<[string, Parameters<typeof podOf>[2]]>([
    ['has a network of its own', { spec: { hostNetwork: false } }],
    ['has ended', { status: { phase: 'Failed' } }],
    ['is being deleted', { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } }],
    ['has no such container', { spec: { containers: [{ name: 'other' }] } }],
    [
      'has its container restarting',
      { status: { containerStatuses: [{ name: 'calico-node', state: { waiting: {} } }] } },
    ],
    ['is on no node yet', { spec: { nodeName: undefined } }],
  ])('are not one that %s', async (_, changes) => {
    pods = { 'calico-system': [podOf('calico-node', 'worker-1', changes)] };
    expect([...(await shells()).shells.keys()]).toEqual([]);
  });

  it('are asked for on one node where only one matters', async () => {
    await shells({ node: 'worker-1' });
    expect(asked.every((line) => line.includes('fieldSelector=spec.nodeName%3Dworker-1'))).toBe(true);
  });

  it('are not seen where they may not be listed, which is said with the rule', async () => {
    pods = { 'calico-system': 403, 'kube-system': 403 };
    expect((await shells()).absence).toMatchObject({
      why: 'forbidden: list pods in namespace calico-system',
      remedy: expect.stringContaining('resources: ["pods"], verbs: ["list"]'),
    });
  });

  it('may be one that a person names, with any container', async () => {
    const named = podOf('netshoot', 'worker-9');
    pods = { debug: [named] };
    const { shells: found } = await shells({ pod: { namespace: 'debug', name: 'netshoot-x7f2p' } });
    expect(found.get('worker-9')?.place).toContain('container netshoot');
  });

  it('may not be a named one that does not share the network of its node', async () => {
    pods = { debug: [podOf('netshoot', 'worker-9', { spec: { hostNetwork: undefined } })] };
    await expect(shells({ pod: { namespace: 'debug', name: 'x' } })).rejects.toMatchObject({
      code: 'PTL_EXEC',
      message:
        'Cannot run commands in pod debug/x: it has a network of its own (no hostNetwork), wanted a running pod with hostNetwork',
    });
  });
});
