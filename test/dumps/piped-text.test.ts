// Texts through pipes: the same facts as from files, flows and archives without keeping them as text.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { observeFiles } from '../../src/observe/files/observe-files.ts';
import { flowsFixture, nodeFactsFixture } from '../analysis/node-facts-fixture.ts';
import { bundleBytes } from '../bundle/bundle-fixture.ts';
import { PROGRAM } from '../cli/run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'portolan-piped-'));
afterAll(() => rmSync(folder, { recursive: true }));

function save(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const line = (index: number, address = '192.0.2.10'): string =>
  `tcp      6 431999 ESTABLISHED src=10.1.0.7 dst=203.0.113.9 sport=${20_000 + (index % 40_000)} dport=${443 + Math.floor(index / 20_000)} src=203.0.113.9 dst=${address} sport=${443 + Math.floor(index / 20_000)} dport=${33_000 + (index % 20_000)} [ASSURED] mark=0 use=1\n`;
const FLOWS = save('flows.txt', Array.from({ length: 30_000 }, (_, index) => line(index)).join(''));
const ADDRESSES = 'test/corpora/dump-texts/ip-addr.txt';

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const observe = (paths: readonly string[], piped: Uint8Array = new Uint8Array(), size = 1000) =>
  observeFiles({ paths, at: '2026-11-22T15:00:00.000Z', readStdin: () => inPieces(piped, size) });

/** Without the time, which a pipe has none of, and the name. */
const compared = ({ flows, natRules, addresses, gaps }: Awaited<ReturnType<typeof observe>>) => ({
  flows: Array.from({ length: flows.portSpaceCount }, (_, row) => flows.portSpace(row)),
  ports: flows.flows.port.slice(0, flows.flowCount),
  natRules,
  addresses,
  gaps: gaps.map(({ what }) => what),
});

function bash(script: string): { readonly code: number | null; readonly stdout: string; readonly stderr: string } {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8', timeout: 30_000 });
  return { code: status, stdout, stderr };
}

describe('text through a pipe', () => {
  it.each([7, 1000, 300_000, 100_000_000])('gives the facts of the file, in pieces of %i bytes', async (size) => {
    const piped = await observe(['-'], readFileSync(FLOWS), size);
    expect(piped.flows.flowCount).toBe(30_000);
    expect(compared(piped)).toEqual(compared(await observe([FLOWS])));
  });

  it("is joined with files, and the addresses in these are the node's, whatever the order", async () => {
    const own = save(
      'own.txt',
      line(1)
        .replace('src=10.1.0.7', 'src=192.0.2.10')
        .replace(/sport=20001/, 'sport=33001'),
    );
    const asFiles = compared(await observe([own, ADDRESSES]));
    expect(asFiles.ports).toHaveLength(1);
    for (const paths of [
      ['-', ADDRESSES],
      [ADDRESSES, '-'],
    ])
      expect(compared(await observe(paths, readFileSync(own)))).toEqual(asFiles);
    const two = await observe([FLOWS, '-'], Buffer.from(line(31_000, '192.0.2.11').trimEnd()));
    expect(two.flows.flowCount).toBe(30_001);
  });

  it('of two pipes is read to the end of both', () => {
    const { stdout, code } = bash(
      `${process.execPath} ${PROGRAM} diagnose <(cat ${FLOWS}) <(cat ${ADDRESSES}) -o json`,
    );
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ addresses: ['192.0.2.10'], totals: { flows: 30_000 } });
  });

  it('of a bundle is a bundle, and whoever writes what is not read is told', () => {
    const bundle = save('b.tgz', bundleBytes([nodeFactsFixture({ flows: flowsFixture(900) })]));
    expect(bash(`cat ${bundle} | ${process.execPath} ${PROGRAM} diagnose -`).stdout).toContain('worker-3');
    const prose = bash(`set -o pipefail; yes 'Dear all,' | ${process.execPath} ${PROGRAM} diagnose -`);
    expect(prose.stderr).toContain('Cannot read stdin: none of the texts that are known');
  });

  it('is not kept where it is flows: 256 MiB of them take little more than their columns', async () => {
    const child = spawn(process.execPath, [PROGRAM, 'diagnose', '-'], { stdio: ['pipe', 'ignore', 'inherit'] });
    const closed = once(child, 'close');
    let peak = 0;
    // The same 30,000 flows again and again: repeated ones are counted once, their text would be kept all the same.
    const text = readFileSync(FLOWS);
    for (let sent = 0; sent < 256 * 2 ** 20; sent += text.length) {
      if (!child.stdin.write(text)) await once(child.stdin, 'drain');
      const said = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${child.pid ?? 0}/status`, 'latin1'))?.[1];
      peak = Math.max(peak, Number(said) / 1024);
    }
    child.stdin.end();
    await closed;
    expect(peak).toBeGreaterThan(50);
    expect(peak).toBeLessThan(200);
  }, 60_000);
});
