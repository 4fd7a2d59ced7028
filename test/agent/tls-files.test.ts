// A certificate that is renewed while the agent serves it: taken on when it works, left alone when it does not. The files lie as a
// kubelet lays a Secret: links into a folder that is swapped whole.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AgentServer } from '../../src/agent/http/agent-server.ts';
import { OPEN } from '../../src/agent/http/authorizer.ts';
import { readTlsFiles, TlsFiles, type TlsPair } from '../../src/agent/http/tls-files.ts';

let folder: string;
let paths: TlsPair;
let server: AgentServer;
let files: TlsFiles;
let said: string[];
let swaps = 0;

function makePair(name: string): TlsPair {
  const pair = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  const out = ['-subj', `/CN=${name}`, '-out', pair.cert, '-keyout', pair.key];
  execFileSync('openssl', ['req', '-x509', ...curve, ...out], { stdio: 'ignore' });
  return { cert: readFileSync(pair.cert, 'utf8'), key: readFileSync(pair.key, 'utf8') };
}

/** As AtomicWriter of the kubelet does. */
function mount({ cert, key }: TlsPair): void {
  const version = `..${(swaps += 1)}`;
  mkdirSync(join(folder, version));
  writeFileSync(join(folder, version, 'tls.crt'), cert);
  writeFileSync(join(folder, version, 'tls.key'), key);
  symlinkSync(version, join(folder, '..data_tmp'));
  renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
}

/** Whom a client that connects now meets. */
function served(): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port: Number(new URL(server.url).port), host: '127.0.0.1', rejectUnauthorized: false });
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      const { CN } = socket.getPeerCertificate().subject;
      socket.destroy();
      resolve(String(CN));
    });
  });
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'portolan-tls-'));
  said = [];
  paths = { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') };
  mount(makePair('first'));
  symlinkSync('..data/tls.crt', paths.cert);
  symlinkSync('..data/tls.key', paths.key);
  const tls = readTlsFiles(paths);
  const say = (text: string): void => void said.push(text);
  const rest = { routes: {}, authorizer: OPEN, warn: say };
  server = await AgentServer.listen({
    host: '127.0.0.1',
    port: 0,
    tls,
    ...rest,
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }),
  });
  files = new TlsFiles({ paths, use: (pair) => server.setTls(pair), say }, tls);
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

describe('the certificate of the agent', () => {
  it('is the new one once the files have changed, said once', async () => {
    files.look();
    expect([await served(), said]).toEqual(['first', []]);
    mount(makePair('second'));
    expect(await served()).toBe('first');
    files.look();
    files.look();
    expect([await served(), said]).toEqual(['second', [`Using the new certificate of ${paths.cert}`]]);
  });

  const broken: readonly (readonly [string, (pair: TlsPair) => TlsPair, string])[] = [
    ['a key of another certificate', ({ cert }) => ({ cert, key: makePair('other').key }), 'key values mismatch'],
    [
      'a certificate cut short',
      ({ cert, key }) => ({ cert: cert.slice(0, 200), key }),
      'wanted a certificate and its key',
    ],
    ['an empty file', ({ key }) => ({ cert: '', key }), 'wanted a certificate and its key'],
    ['no PEM at all', ({ cert }) => ({ cert, key: 'not a key' }), 'wanted a certificate and its key'],
  ];
  it.each(broken)(
    'stays the old one with %s, said once when it lasts, until a good one comes',
    async (_, spoil, why) => {
      mount(spoil(makePair('second')));
      files.look();
      expect(said).toEqual([]);
      files.look();
      files.look();
      expect(said).toHaveLength(1);
      expect(said[0]).toContain(why);
      expect(said[0]).toMatch(/; the certificate that was read before stays in use$/);
      expect(await served()).toBe('first');
      mount(makePair('third'));
      files.look();
      expect([await served(), said.length]).toEqual(['third', 2]);
    },
  );

  it('stays the old one while the files are gone', async () => {
    rmSync(join(folder, '..data'));
    files.look();
    files.look();
    expect(said[0]).toContain(`Cannot read --tls-cert ${paths.cert}: not readable`);
    expect(await served()).toBe('first');
  });

  it('is looked for again and again until the agent ends', async () => {
    const stopping = new AbortController();
    let looks = 0;
    const tick = (): Promise<void> => {
      looks += 1;
      if (looks === 2) mount(makePair('second'));
      if (looks === 4) stopping.abort();
      return Promise.resolve();
    };
    await files.run(tick, stopping.signal);
    expect([looks, await served()]).toEqual([4, 'second']);
  });

  it('must be one at the start', () => {
    mount({ ...makePair('second'), key: makePair('third').key });
    expect(() => readTlsFiles(paths)).toThrow(/^Cannot use --tls-cert .*key values mismatch, wanted a certificate/);
  });
});
