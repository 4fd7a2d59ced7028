// The client against a server that misbehaves: what is asked again, what is an error, what never grows without end.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApiClient } from '../../src/kube/access/api-client.ts';
import { listObjects } from '../../src/kube/access/list-objects.ts';
import { objectOf } from '../../src/kube/access/parse-object.ts';
import { type Answerer, type FaultyServer, startFaultyServer } from './https-server.ts';

const { signal } = new AbortController();
const GET = { path: '/api/v1/nodes' };

let server: FaultyServer;
let answer: Answerer;
let asked: string[];

beforeEach(async () => {
  asked = [];
  answer = (_, response) => response.end('{}');
  server = await startFaultyServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers.authorization ?? ''}`.trim());
    answer(request, response);
  });
});
afterEach(() => server.close());

function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answerer {
  return (_, response) => response.writeHead(status, headers).end(JSON.stringify(body));
}

async function list(client: ApiClient): Promise<readonly unknown[]> {
  return listObjects(client, { request: GET, project: (object) => objectOf(object)['id'], signal, pageObjects: 2 });
}

describe('a request', () => {
  it.each([429, 500, 502, 503, 504])('is sent again after status %d, with growing waits', async (status) => {
    answer = (request, response) => json(asked.length < 4 ? status : 200, { ok: asked.length })(request, response);
    const client = await server.client();
    expect(await client.send(GET, signal)).toMatchObject({ status: 200, body: { ok: 4 } });
    expect(server.waits).toEqual([187.5, 375, 750]);
  });

  it('waits as long as the server asks for', async () => {
    answer = (request, response) => json(asked.length < 2 ? 429 : 200, {}, { 'retry-after': '3' })(request, response);
    await (await server.client()).send(GET, signal);
    expect(server.waits).toEqual([3187.5]);
  });

  it('is given up after six attempts; the last answer stands', async () => {
    answer = json(503, { message: 'restarting' });
    expect(await (await server.client()).send(GET, signal)).toMatchObject({ status: 503 });
    expect(asked).toHaveLength(6);
  });

  it('with a body is never sent twice', async () => {
    answer = json(503, {});
    expect(await (await server.client()).send({ ...GET, body: {} }, signal)).toMatchObject({ status: 503 });
    expect(asked).toHaveLength(1);
  });

  it('is sent again when the connection breaks, and then an error', async () => {
    answer = (request) => request.socket.destroy();
    await expect((await server.client()).send(GET, signal)).rejects.toMatchObject({ code: 'PTL_API_UNREACHABLE' });
    expect(asked).toHaveLength(6);
  });

  it('ends with the signal, also while it waits', async () => {
    const controller = new AbortController();
    answer = () => controller.abort('SIGINT');
    await expect((await server.client()).send(GET, controller.signal)).rejects.toBe('SIGINT');
    expect(asked).toHaveLength(1);
  });

  it('carries the token of the kubeconfig', async () => {
    await (await server.client({ token: 'abc' })).send(GET, signal);
    expect(asked).toEqual(['GET /api/v1/nodes Bearer abc']);
  });

  it('carries the token of a credential plugin, and says when the plugin fails', async () => {
    const exec = (command: string, args: readonly string[]) => ({
      exec: { apiVersion: 'client.authentication.k8s.io/v1', interactiveMode: 'Never', command, args },
    });
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'of-plugin' },
    };
    await (await server.client(exec('echo', [JSON.stringify(credential)]))).send(GET, signal);
    expect(asked).toEqual(['GET /api/v1/nodes Bearer of-plugin']);
    const failing = await server.client(exec('sh', ['-c', 'echo log in first >&2; exit 1']));
    await expect(failing.send(GET, signal)).rejects.toMatchObject({
      code: 'PTL_API_CREDENTIALS',
      message: expect.stringContaining('log in first'),
    });
  });

  it('may be one of many with the same signal', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error): number => warnings.push(warning);
    process.on('warning', note);
    const client = await server.client();
    await Promise.all(Array.from({ length: 30 }, () => client.send(GET, signal)));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', note);
    expect(warnings).toEqual([]);
    client.close();
  });

  it('reuses its connection', async () => {
    const ports = new Set<number | undefined>();
    answer = (request, response) => {
      ports.add(request.socket.remotePort);
      response.end('{}');
    };
    const client = await server.client();
    for (let count = 0; count < 5; count += 1) await client.send(GET, signal);
    expect(ports.size).toBe(1);
    client.close();
  });

  it('reads no answer without end', async () => {
    answer = (_, response) => {
      const chunk = 'x'.repeat(1024 * 1024);
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    await expect((await server.client()).send(GET, signal)).rejects.toMatchObject({
      code: 'PTL_API_ANSWER',
      message: expect.stringContaining('more than 64 MiB'),
    });
  });

  it('does not trust a certificate of another authority, and asks once', async () => {
    const other = await startFaultyServer((_, response) => response.end('{}'));
    const client = await server.clientOf(other.url);
    await expect(client.send(GET, signal)).rejects.toMatchObject({
      code: 'PTL_API_UNREACHABLE',
      message: expect.stringContaining('certificate'),
    });
    expect(server.waits).toEqual([]);
    await other.close();
  });
});

describe('a list', () => {
  const page = (ids: readonly number[], next?: string) => ({
    metadata: next === undefined ? {} : { continue: next },
    items: ids.map((id) => ({ id })),
  });

  it('may have null for no items, and nothing else in their place', async () => {
    answer = json(200, { kind: 'PartialObjectMetadataList', items: null });
    expect(await list(await server.client())).toEqual([]);
    answer = json(200, { kind: 'PartialObjectMetadataList' });
    await expect(list(await server.client())).rejects.toMatchObject({ code: 'PTL_API_ANSWER' });
  });

  it('is asked for its next page before the last one is looked at', async () => {
    answer = (request, response) => json(200, asked.length === 1 ? page([1, 2], 'two') : page([3]))(request, response);
    const client = await server.client();
    let sends = 0;
    const counting: ApiClient = {
      ...client,
      send: (request, stop) => {
        sends += 1;
        return client.send(request, stop);
      },
    };
    const looked: number[] = [];
    const project = (): number => looked.push(sends);
    await listObjects(counting, { request: GET, project, signal, pageObjects: 2 });
    expect(looked).toEqual([2, 2, 2]);
  });

  it('is read page by page', async () => {
    answer = (request, response) => json(200, asked.length === 1 ? page([1, 2], 'two') : page([3]))(request, response);
    expect(await list(await server.client())).toEqual([1, 2, 3]);
    expect(asked).toEqual(['GET /api/v1/nodes?limit=2', 'GET /api/v1/nodes?limit=2&continue=two']);
  });

  it('begins again when its position expired: nothing twice, nothing left out', async () => {
    const answers = [json(200, page([1, 2], 'two')), json(410, {}), json(200, page([1, 5], 'b')), json(200, page([6]))];
    answer = (request, response) => answers[asked.length - 1]?.(request, response);
    expect(await list(await server.client())).toEqual([1, 5, 6]);
  });

  it('that expires each time is an error', async () => {
    answer = (request, response) =>
      (request.url?.includes('continue') === true ? json(410, {}) : json(200, page([1], 'two')))(request, response);
    await expect(list(await server.client())).rejects.toMatchObject({ code: 'PTL_API_REFUSED' });
  });

  it('that repeats a position is an error, not a list without end', async () => {
    answer = json(200, page([1], 'same'));
    await expect(list(await server.client())).rejects.toMatchObject({ code: 'PTL_API_ANSWER' });
  });

  it('of metadata that holds nothing has null for its items', async () => {
    answer = json(200, { kind: 'PartialObjectMetadataList', metadata: {}, items: null });
    expect(await list(await server.client())).toEqual([]);
  });

  it.each([
    ['a page of a proxy', '<html>'],
    ['an object without items', '{}'],
    ['nothing', ''],
  ])('refuses %s', async (_, text) => {
    answer = (__, response) => response.end(text);
    await expect(list(await server.client())).rejects.toMatchObject({ code: 'PTL_API_ANSWER' });
  });
});
