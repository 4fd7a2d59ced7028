// A watch through everything that goes wrong with one, against a server that plays it: what is told, once and in order.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { objectOf } from '../../src/core/kube-objects/parse-object.ts';
import { watchObjects, type WatchEvent } from '../../src/kube/access/watch-objects.ts';
import { type FaultyServer, startFaultyServer } from './https-server.ts';

type Step = (response: ServerResponse) => void;

const REQUEST = {
  path: '/api/v1/nodes',
  access: { verb: 'list', group: '', resource: 'nodes' },
  query: { labelSelector: 'a=b' },
} as const;

let server: FaultyServer;
let lists: Step[];
let watches: Step[];
let asked: string[];
let stop: AbortController;

beforeEach(async () => {
  lists = [];
  watches = [];
  asked = [];
  stop = new AbortController();
  server = await startFaultyServer((request, response) => {
    const query = queryOf(request);
    const isWatch = query.get('watch') === 'true';
    asked.push(isWatch ? `watch ${query.get('resourceVersion') ?? ''}` : 'list');
    const step = (isWatch ? watches : lists).shift() ?? stays;
    step(response);
  });
});
afterEach(() => server.close());

function queryOf(request: IncomingMessage): URLSearchParams {
  return new URL(request.url ?? '', 'https://localhost').searchParams;
}

/** Says nothing and keeps the connection. */
const stays: Step = (response) => response.writeHead(200).flushHeaders();

function object(name: string, version: number) {
  return { metadata: { name, resourceVersion: String(version) }, value: `${name}${version}` };
}

function listOf(version: number, ...items: readonly object[]): Step {
  return (response) => response.end(JSON.stringify({ metadata: { resourceVersion: String(version) }, items }));
}

function line(type: string, name: string, version: number): string {
  return `${JSON.stringify({ type, object: object(name, version) })}\n`;
}

/** Sends these and ends well. */
function sends(...lines: readonly string[]): Step {
  return (response) => response.end(lines.join(''));
}

/** Sends these and loses the connection. */
function breaksAfter(...lines: readonly string[]): Step {
  return (response) => response.write(lines.join(''), () => setTimeout(() => response.destroy(), 20));
}

function status(code: number, message: string): Step {
  return (response) => response.writeHead(code).end(JSON.stringify({ kind: 'Status', code, message }));
}

function errorLine(code: number, message: string): string {
  return `${JSON.stringify({ type: 'ERROR', object: { kind: 'Status', code, message } })}\n`;
}

function project(found: unknown): string | undefined {
  const { value } = objectOf(found);
  return typeof value === 'string' && !value.startsWith('unwanted') ? value : undefined;
}

/** The first events, as words. */
async function events(
  count: number,
  wanted: (found: unknown) => string | undefined = project,
): Promise<readonly string[]> {
  const client = await server.client();
  const found: string[] = [];
  const world = {
    random: () => 0.5,
    sleep: (milliseconds: number) => Promise.resolve(void server.waits.push(milliseconds)),
  };
  for await (const event of watchObjects(client, { request: REQUEST, project: wanted, world, signal: stop.signal })) {
    found.push(wordsOf(event));
    if (found.length === count) break;
  }
  client.close();
  return found;
}

function wordsOf(event: WatchEvent<string>): string {
  if (event.kind === 'synced') return 'synced';
  return event.kind === 'lost' ? `lost: ${event.why}` : `${event.kind} ${event.item}`;
}

describe('a watch', () => {
  it('tells what there is, then what changes, with the selectors of its list', async () => {
    lists = [listOf(5, object('a', 3), object('b', 4))];
    watches = [sends(line('ADDED', 'c', 6), line('MODIFIED', 'a', 7), line('DELETED', 'b', 8))];
    expect(await events(6)).toEqual(['added a3', 'added b4', 'synced', 'added c6', 'modified a7', 'deleted b8']);
    expect(asked).toEqual(['list', 'watch 5']);
  });

  it('goes on after a good end, from the last event or bookmark', async () => {
    lists = [listOf(5)];
    watches = [
      sends(line('ADDED', 'a', 6), line('BOOKMARK', '', 9)),
      sends(line('ADDED', 'b', 10)),
      sends(line('ADDED', 'c', 11)),
    ];
    expect(await events(4)).toEqual(['synced', 'added a6', 'added b10', 'added c11']);
    expect(asked).toEqual(['list', 'watch 5', 'watch 9', 'watch 10']);
  });

  it('goes on after a lost connection; half a line comes again whole', async () => {
    lists = [listOf(5)];
    const half = line('ADDED', 'b', 7).slice(0, 20);
    watches = [breaksAfter(line('ADDED', 'a', 6), half), sends(line('ADDED', 'b', 7))];
    expect(await events(3)).toEqual(['synced', 'added a6', 'added b7']);
    expect(asked).toEqual(['list', 'watch 5', 'watch 6']);
  });

  it('takes half a line at a good end for none', async () => {
    lists = [listOf(5)];
    watches = [sends(line('ADDED', 'a', 6).trimEnd()), sends(line('ADDED', 'a', 6))];
    expect(await events(2)).toEqual(['synced', 'added a6']);
    expect(asked).toEqual(['list', 'watch 5', 'watch 5']);
  });

  it.each<[string, Step]>([
    ['an answer 410', status(410, 'too old resource version')],
    ['an event of 410', sends(errorLine(410, 'too old resource version: 5 (9)'))],
  ])('lists again after %s and tells what happened in between', async (_, gone) => {
    lists = [
      listOf(5, object('a', 3), object('b', 4), object('c', 5)),
      listOf(20, object('a', 3), object('b', 15), object('d', 16)),
    ];
    watches = [gone, sends(line('DELETED', 'a', 21))];
    expect(await events(9)).toEqual([
      'added a3',
      'added b4',
      'added c5',
      'synced',
      'deleted c5',
      'modified b15',
      'added d16',
      'synced',
      'deleted a21',
    ]);
    expect(asked).toEqual(['list', 'watch 5', 'list', 'watch 20']);
  });

  it.each<[string, string, string]>([
    ['an error among the events', errorLine(500, 'etcd has no leader'), 'etcd has no leader'],
    ['a line that is no JSON', '<html>\n', 'a line that is no event: <html>'],
    [
      'an event of an unknown type',
      `${JSON.stringify({ type: 'WHAT', object: object('a', 9) })}\n`,
      'a line that is no event',
    ],
    ['an event without a version', `${JSON.stringify({ type: 'ADDED', object: {} })}\n`, 'a line that is no event'],
  ])('says that it is lost after %s, and lists again', async (_, bad, why) => {
    lists = [listOf(5), listOf(8, object('a', 7))];
    watches = [sends(bad)];
    const [synced, lost, ...rest] = await events(4);
    expect([synced, ...rest]).toEqual(['synced', 'added a7', 'synced']);
    expect(lost).toContain(`lost: ${why}`);
  });

  it('waits out a server that is away for longer than one request is tried, and says so once', async () => {
    lists = [listOf(5)];
    watches = [
      ...Array.from({ length: 12 }, () => (response: ServerResponse) => response.destroy()),
      sends(line('ADDED', 'a', 6)),
    ];
    const [synced, lost, ...rest] = await events(4);
    expect([synced, ...rest]).toEqual(['synced', 'synced', 'added a6']);
    expect(lost).toContain('lost: Cannot reach the API server');
    expect(server.waits.slice(0, 8)).toEqual([187.5, 375, 750, 1500, 3000, 6000, 6000, 6000]);
  });

  it('waits out refusals that pass', async () => {
    lists = [listOf(5)];
    watches = [
      status(429, 'slow down'),
      status(503, 'starting'),
      status(401, 'Unauthorized'),
      sends(line('ADDED', 'a', 6)),
    ];
    const [, lost, ...rest] = await events(4);
    expect(lost).toContain('slow down');
    expect(rest).toEqual(['synced', 'added a6']);
  });

  it('does not hurry where a server ends every watch at once', async () => {
    lists = [listOf(5)];
    watches = [sends(), sends(), sends(), sends(line('ADDED', 'a', 6)), sends(line('ADDED', 'b', 7))];
    await events(3);
    expect(server.waits).toEqual([187.5, 375, 750, 187.5]);
  });

  it('takes an object that is no longer wanted for deleted, and one that never was for none', async () => {
    lists = [listOf(5, object('a', 3), object('unwanted', 4))];
    const unwanted = JSON.stringify({ type: 'MODIFIED', object: { ...object('a', 6), value: 'unwanted' } });
    watches = [
      sends(line('MODIFIED', 'unwanted', 5), `${unwanted}\n`, line('DELETED', 'unwanted', 7), line('ADDED', 'b', 8)),
    ];
    expect(await events(4)).toEqual(['added a3', 'synced', 'deleted a3', 'added b8']);
  });
});

describe('a watch ends', () => {
  it.each([
    [403, 'PTL_API_FORBIDDEN'],
    [404, 'PTL_API_ABSENT'],
  ])('when the server says %d, with the right that is missing', async (code, error) => {
    lists = [listOf(5)];
    watches = [status(code, 'no')];
    await expect(events(9)).rejects.toMatchObject({
      code: error,
      message: expect.stringContaining('Cannot watch nodes'),
    });
  });

  it('when its first list fails', async () => {
    lists = [status(403, 'no')];
    await expect(events(9)).rejects.toMatchObject({ code: 'PTL_API_FORBIDDEN' });
    lists = [status(401, 'no')];
    await expect(events(9)).rejects.toMatchObject({ code: 'PTL_API_UNAUTHORISED' });
  });

  it('with the signal, while it listens and while it waits', async () => {
    lists = [listOf(5), listOf(5)];
    watches = [
      (response) => {
        stays(response);
        setTimeout(() => stop.abort('SIGINT'), 20);
      },
    ];
    await expect(events(9)).rejects.toBe('SIGINT');
  });

  it('with an error of its reader, which is not taken for a fault of the server', async () => {
    lists = [listOf(5)];
    watches = [sends(line('ADDED', 'a', 6))];
    const wrong = (): string => {
      throw new TypeError('a bug');
    };
    await expect(events(9, wrong)).rejects.toThrow('a bug');
  });

  it('with its loop, and leaves no connection', async () => {
    lists = [listOf(5)];
    const closed = new Promise<void>((resolve) => {
      watches = [
        (response) => {
          response.once('close', () => resolve());
          response.write(line('ADDED', 'a', 6));
        },
      ];
    });
    expect(await events(2)).toEqual(['synced', 'added a6']);
    await closed;
  });
});
