// The HTTP server against clients that are slow, stalled, unknown, forbidden, many, or there when it is told to end.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { AgentServer, type Answer, type Route, plain } from '../../src/agent/http/agent-server.ts';
import { type Authorizer, type Decision, OPEN } from '../../src/agent/http/authorizer.ts';
import { RememberedDecisions } from '../../src/agent/http/remembered-decisions.ts';
import { checkSafety, parseListen } from '../../src/agent/listen-address.ts';

const open = new Set<AgentServer>();
afterEach(async () => {
  await Promise.all([...open].map((server) => server.close()));
  open.clear();
});

const BIG = new Uint8Array(32 << 20);

interface StartOptions {
  readonly authorizer?: Authorizer;
  readonly port?: number;
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly routes?: Readonly<Record<string, Route>>;
  readonly warn?: (text: string) => void;
}

async function start(options: StartOptions = {}): Promise<AgentServer> {
  const answer = (given: Answer): Route => ({ isOpen: false, answer: () => Promise.resolve(given) });
  const server = await AgentServer.listen({
    host: '127.0.0.1',
    port: options.port ?? 0,
    authorizer: options.authorizer ?? OPEN,
    routes: {
      '/livez': { isOpen: true, answer: () => Promise.resolve(plain(200, 'alive')) },
      '/metrics': answer(plain(200, 'a 1')),
      '/facts': answer({ status: 200, type: 'application/octet-stream', parts: [BIG, BIG] }),
      ...options.routes,
    },
    warn: options.warn ?? (() => {}),
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
    patience: { requestMilliseconds: 300, stallMilliseconds: 300, closeMilliseconds: 3000 },
    ...(options.tls === undefined ? {} : { tls: options.tls }),
  });
  open.add(server);
  return server;
}

function deciding(byToken: Readonly<Record<string, Decision>>): Authorizer & { asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    decide: ({ token, path }) => {
      asked.push(`${token} ${path}`);
      return Promise.resolve(token === undefined ? 'unauthenticated' : (byToken[token] ?? 'unauthenticated'));
    },
  };
}

async function get(server: AgentServer, path: string, headers: Record<string, string> = {}, method = 'GET') {
  const response = await fetch(`${server.url}${path}`, { headers, method });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe('AgentServer', () => {
  it('says nothing but liveness to whom it does not know, not even which paths there are', async () => {
    const server = await start({ authorizer: deciding({}) });
    expect(await get(server, '/livez')).toMatchObject({ status: 200, text: 'alive\n' });
    for (const path of ['/metrics', '/facts', '/none', '/', '/../metrics', '/metrics?token=good', '/%2e%2e/livez/x'])
      expect(await get(server, path)).toMatchObject({ status: 401, text: 'wanted a bearer token\n' });
    expect(await get(server, '/metrics', { authorization: 'Basic Zm9vOmJhcg==' })).toMatchObject({ status: 401 });
    expect(await get(server, '/metrics', {}, 'POST')).toMatchObject({ status: 401 });
  });

  it('answers who may, names the right to who may not, and takes no answer for a no', async () => {
    const authorizer = deciding({ good: 'allowed', bad: 'forbidden', lost: 'unavailable' });
    const server = await start({ authorizer });
    expect(await get(server, '/metrics', bearer('good'))).toMatchObject({ status: 200, text: 'a 1\n' });
    expect(await get(server, '/metrics', bearer('bad'))).toMatchObject({
      status: 403,
      text: 'wanted a role with this rule: {nonResourceURLs: ["/metrics"], verbs: ["get"]}\n',
    });
    expect(await get(server, '/metrics', bearer('lost'))).toMatchObject({ status: 503 });
    expect(await get(server, '/none', bearer('good'))).toMatchObject({ status: 404 });
    expect(await get(server, '/metrics', bearer('good'), 'POST')).toMatchObject({ status: 405 });
    expect(await get(server, '/metrics', bearer('good'), 'HEAD')).toMatchObject({ status: 200, text: '' });
    expect(authorizer.asked).toContain('good /metrics');
  });

  it('hides its own failure from the client and says it once', async () => {
    const said: string[] = [];
    const broken: Route = { isOpen: false, answer: () => Promise.reject(new Error('secret detail')) };
    const server = await start({ routes: { '/broken': broken }, warn: (text) => said.push(text) });
    expect(await get(server, '/broken')).toMatchObject({
      status: 500,
      text: 'the agent cannot answer; its log says why\n',
    });
    expect(said).toEqual(['secret detail']);
  });

  it('does not take its own time over an answer for a stalled client', async () => {
    const late: Route = { isOpen: false, answer: () => sleep(1000).then(() => plain(200, 'at last')) };
    const server = await start({ routes: { '/late': late } });
    expect(await get(server, '/late')).toMatchObject({ status: 200, text: 'at last\n' });
  });

  it('closes on a client that never finishes its request', async () => {
    const server = await start();
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write('GET /metrics HTTP/1.1\r\nHost: a\r\nX-Slow: ');
    socket.resume();
    await once(socket, 'close');
    expect((await get(server, '/livez')).status).toBe(200);
  });

  it('closes on a client that takes no more of its answer, and serves others meanwhile', async () => {
    const server = await start();
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('GET /facts HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(socket, 'readable');
    expect((await get(server, '/metrics')).status).toBe(200);
    await sleep(1500);
    let taken = 0;
    socket.on('data', (chunk: Buffer) => (taken += chunk.length));
    await once(socket, 'close');
    expect(taken).toBeLessThan(2 * BIG.length);
  });

  it('lets an answer under way end when it closes, and takes no new request', async () => {
    let finish: (answer: Answer) => void = () => undefined;
    const slow: Route = { isOpen: false, answer: () => new Promise((resolve) => (finish = resolve)) };
    const server = await start({ routes: { '/slow': slow } });
    const { url } = server;
    const answer = get(server, '/slow');
    await sleep(50);
    const closed = server.close();
    await expect(fetch(`${url}/metrics`)).rejects.toThrow();
    finish(plain(200, 'in time'));
    expect(await answer).toMatchObject({ status: 200, text: 'in time\n' });
    await closed;
  });

  it('holds no more than 64 connections, and takes on others when those end', async () => {
    const server = await start();
    const port = Number(new URL(server.url).port);
    const open = async (): Promise<Socket> => {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      await once(socket, 'connect');
      return socket;
    };
    const idle = await Promise.all(Array.from({ length: 64 }, open));
    const refused = await open();
    refused.resume();
    await once(refused, 'close');
    const ends = idle.map((socket) => once(socket.resume(), 'close'));
    await Promise.all(ends);
    expect((await get(server, '/livez')).status).toBe(200);
  });

  it('says which port somebody else has', async () => {
    const port = Number(new URL((await start()).url).port);
    await expect(start({ port })).rejects.toMatchObject({
      code: 'PTL_LISTEN',
      message: `Cannot listen on 127.0.0.1:${port}: EADDRINUSE, wanted a port that nobody listens on`,
    });
  });

  it('answers by HTTPS', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'portolan-tls-'));
    const [cert, key] = [join(folder, 'cert'), join(folder, 'key')];
    const subject = ['-subj', '/CN=agent', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '1'];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    execFileSync('openssl', ['req', '-x509', ...curve, ...subject, '-out', cert, '-keyout', key], { stdio: 'ignore' });
    const tls = { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
    rmSync(folder, { recursive: true });
    const server = await start({ tls });
    const status = await new Promise((resolve, reject) => {
      httpsRequest(`${server.url}/metrics`, { ca: tls.cert }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
    await expect(fetch(server.url.replace('https', 'http'))).rejects.toThrow();
  });
});

describe('RememberedDecisions', () => {
  const signal = new AbortController().signal;

  it('asks once a minute for what is allowed, more often for what is not, and again for what is not known', async () => {
    let now = 0;
    const inner = deciding({ good: 'allowed', bad: 'forbidden', lost: 'unavailable' });
    const remembered = new RememberedDecisions(inner, () => now);
    const ask = (token: string | undefined) => remembered.decide({ token, path: '/metrics', verb: 'get' }, signal);
    for (const token of ['good', 'good', 'bad', 'bad', 'lost', 'lost']) await ask(token);
    expect(inner.asked).toEqual(['good /metrics', 'bad /metrics', 'lost /metrics', 'lost /metrics']);
    now = 11_000;
    for (const token of ['good', 'bad']) await ask(token);
    expect(inner.asked.slice(4)).toEqual(['bad /metrics']);
    now = 61_000;
    expect(await ask('good')).toBe('allowed');
    expect(inner.asked.slice(5)).toEqual(['good /metrics']);
    expect(await ask(undefined)).toBe('unauthenticated');
    expect(inner.asked).toHaveLength(6);
  });

  it('lets a yes to metrics stand for an hour while nobody can be asked, and nothing else', async () => {
    let now = 0;
    const byToken: Record<string, Decision> = { good: 'allowed', bad: 'forbidden' };
    const remembered = new RememberedDecisions(deciding(byToken), () => now);
    const ask = (token: string, path = '/metrics') => remembered.decide({ token, path, verb: 'get' }, signal);
    for (const token of ['good', 'bad']) await ask(token);
    await ask('good', '/facts');
    for (const token of ['good', 'bad', 'new']) byToken[token] = 'unavailable';
    now = 3_599_999;
    expect(await ask('good')).toBe('allowed');
    for (const token of ['bad', 'new']) expect(await ask(token)).toBe('unavailable');
    expect(await ask('good', '/facts')).toBe('unavailable');
    now = 3_600_000;
    expect(await ask('good')).toBe('unavailable');
    byToken['good'] = 'forbidden';
    expect(await ask('good')).toBe('forbidden');
  });

  it('answers at once by a yes that stands while the one who decides hangs, and asks only once meanwhile', async () => {
    let now = 0;
    const waiting: ((decision: Decision) => void)[] = [];
    const hanging: Authorizer = { decide: () => new Promise((resolve) => waiting.push(resolve)) };
    const remembered = new RememberedDecisions(hanging, () => now);
    const ask = () => remembered.decide({ token: 'good', path: '/metrics', verb: 'get' }, signal);
    const first = ask();
    waiting[0]?.('allowed');
    expect(await first).toBe('allowed');
    now = 60_001;
    const second = ask();
    waiting[1]?.('unavailable');
    expect(await second).toBe('allowed');
    expect([await ask(), await ask(), waiting.length]).toEqual(['allowed', 'allowed', 3]);
    waiting[2]?.('forbidden');
    await sleep(0);
    expect([await ask(), waiting.length]).toEqual(['forbidden', 3]);
  });

  it('forgets a yes as soon as somebody says no', async () => {
    let now = 0;
    const byToken: Record<string, Decision> = { good: 'allowed' };
    const remembered = new RememberedDecisions(deciding(byToken), () => now);
    const ask = () => remembered.decide({ token: 'good', path: '/metrics', verb: 'get' }, signal);
    await ask();
    byToken['good'] = 'forbidden';
    now = 60_001;
    expect(await ask()).toBe('forbidden');
    byToken['good'] = 'unavailable';
    now = 120_000;
    expect(await ask()).toBe('unavailable');
  });

  it('does not take a decision on one path for one on another', async () => {
    const inner = deciding({ good: 'allowed' });
    const remembered = new RememberedDecisions(inner, () => 0);
    for (const path of ['/metrics', '/facts']) await remembered.decide({ token: 'good', path, verb: 'get' }, signal);
    expect(inner.asked).toEqual(['good /metrics', 'good /facts']);
  });
});

describe('where the agent listens', () => {
  it.each([
    ['127.0.0.1:9976', { host: '127.0.0.1', port: 9976, isLoopback: true }],
    ['localhost:1', { host: '127.0.0.1', port: 1, isLoopback: true }],
    ['[::1]:9976', { host: '::1', port: 9976, isLoopback: true }],
    ['0.0.0.0:9976', { host: '0.0.0.0', port: 9976, isLoopback: false }],
    ['[::]:9976', { host: '::', port: 9976, isLoopback: false }],
    ['192.0.2.1:70000', undefined],
    ['9976', undefined],
    ['example.com:9976', undefined],
    ['300.0.0.1:9976', undefined],
  ])('%s', (text, wanted) => {
    expect(parseListen(text)).toEqual(wanted);
  });

  it('refuses to be reached by others without TLS and authorization', () => {
    const everywhere = { host: '0.0.0.0', port: 9976, isLoopback: false };
    const missing = (hasTls: boolean, hasAuthorizer: boolean) => () =>
      checkSafety(everywhere, { hasTls, hasAuthorizer });
    expect(missing(false, false)).toThrow('wanted --tls-cert and --tls-key and --authorize');
    expect(missing(true, false)).toThrow('wanted --authorize');
    expect(missing(false, true)).toThrow('wanted --tls-cert and --tls-key');
    expect(missing(true, true)).not.toThrow();
    expect(() =>
      checkSafety({ ...everywhere, host: '127.0.0.1', isLoopback: true }, { hasTls: false, hasAuthorizer: false }),
    ).not.toThrow();
  });
});
