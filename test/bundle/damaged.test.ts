// What a person may hand over as a bundle or archive: one clear line each, bounded memory, nothing written.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readdirSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { PortolanError } from '../../src/core/errors/portolan-error.ts';
import { TAR_END, tarEntryBytes } from '../../src/dumps/bundle/tar-entry-bytes.ts';
import { observeFiles } from '../../src/observe/files/observe-files.ts';
import { MANIFEST_PATH } from '../../src/protocol/bundle/bundle-manifest.ts';
import { flowsFixture, nodeFactsFixture } from '../analysis/node-facts-fixture.ts';
import { bundleBytes } from './bundle-fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'portolan-damaged-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FLOW =
  'tcp      6 2999 ESTABLISHED src=10.244.0.5 dst=203.0.113.9 sport=1105 dport=443 src=203.0.113.9 dst=192.0.2.10 sport=443 dport=40105 [ASSURED] mark=0 use=1\n';

interface Member {
  readonly path: string;
  readonly content: Uint8Array;
}

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const member = (path: string, content: string | Uint8Array): Member => ({
  path,
  content: typeof content === 'string' ? utf8(content) : content,
});

function tgz(members: readonly Member[]): Uint8Array {
  return gzipSync(Buffer.concat([...members.map((one) => tarEntryBytes({ ...one, modifiedAt: 0 })), TAR_END]));
}

/** The members of a whole bundle, read by tar. */
function membersOf(bundle: Uint8Array): Member[] {
  const path = save('whole.tgz', bundle);
  const names = execFileSync('tar', ['tzf', path], { encoding: 'utf8' }).trim().split('\n');
  return names.map((name) => member(name, new Uint8Array(execFileSync('tar', ['xzOf', path, name]))));
}

function save(name: string, bytes: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

function observe(path: string, node?: string) {
  return observeFiles({
    paths: [path],
    at: '2026-11-22T15:00:00.000Z',
    readStdin: () => Promise.resolve(new Uint8Array()),
    ...(node === undefined ? {} : { node }),
  });
}

async function refusal(bytes: string | Uint8Array, node?: string): Promise<string> {
  const error: unknown = await observe(save('x.tgz', bytes), node).catch((refused: unknown) => refused);
  if (!(error instanceof PortolanError)) throw new Error(`not refused: ${String(error)}`);
  expect(error.message).not.toContain('\n');
  expect(error.hint).toBeDefined();
  return `${error.code}: ${error.message.replaceAll(`${folder}/`, '')}`;
}

const FACTS = nodeFactsFixture({ flows: flowsFixture(5000) });
const WHOLE = bundleBytes([FACTS, { ...FACTS, node: 'worker-4' }]);
const MEMBERS = membersOf(WHOLE);

/** The same bundle with members changed. */
const changed = (change: (path: string, content: Uint8Array) => Member[]): Uint8Array =>
  tgz(MEMBERS.flatMap(({ path, content }) => change(path, content)));

/** A manifest changed as text, all else as it was. */
const manifest = (from: string | RegExp, to: string): Uint8Array =>
  changed((path, content) => [
    member(path, path === MANIFEST_PATH ? new TextDecoder().decode(content).replace(from, to) : content),
  ]);

describe('a bundle', () => {
  it('is read with its node named, and asks for one where it holds two', async () => {
    const path = save('two.tgz', WHOLE);
    expect((await observe(path, 'worker-4')).node).toBe('worker-4');
    expect(await refusal(WHOLE)).toBe('PTL_BUNDLE: Cannot read x.tgz: 2 nodes in it, wanted one: worker-3, worker-4');
    expect(await refusal(WHOLE, 'worker-9')).toBe(
      'PTL_NO_SUCH_NODE: Cannot read x.tgz: no node worker-9 in it, wanted worker-3, worker-4',
    );
  });

  it('may be packed anew in the same order, with files of a later version in it', async () => {
    const facts = await observe(
      save('anew.tgz', tgz([...MEMBERS, member('portolan-bundle/later.bin', 'more'), member('notes.txt', 'hello')])),
      'worker-3',
    );
    expect(facts.flows.flowCount).toBe(5000);
  });

  it.each<readonly [string, () => Uint8Array, string]>([
    ['half', () => WHOLE.subarray(0, WHOLE.length >> 1), 'it ends too early, after 2 of 5 members'],
    ['cut before its manifest', () => WHOLE.subarray(0, 600), 'it ends too early, before its bundle.json'],
    [
      'of a newer version',
      () => manifest('portolan.dev/bundle/v1', 'portolan.dev/bundle/v2'),
      'a bundle of version 2, wanted version 1 or older',
    ],
    [
      'with a changed column',
      () =>
        changed((path, content) => {
          const bytes = content.slice();
          if (path.endsWith('nodes/2/flows.bin')) bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
          return [member(path, bytes)];
        }),
      'portolan-bundle/nodes/2/flows.bin is not what was written: its checksum differs',
    ],
    [
      'with a changed index',
      () =>
        changed((path, content) => [
          member(path, path.endsWith('index.txt') ? `${new TextDecoder().decode(content)} ` : content),
        ]),
      'portolan-bundle/index.txt is not what was written: its checksum differs',
    ],
    [
      'with a member of another size',
      () => changed((path, content) => [member(path, path.endsWith('1/facts.json') ? content.subarray(1) : content)]),
      'portolan-bundle/nodes/1/facts.json has',
    ],
    [
      'without a member',
      () => changed((path, content) => (path.endsWith('1/facts.json') ? [] : [member(path, content)])),
      'portolan-bundle/nodes/1/facts.json missing: 1 of 5 members',
    ],
    [
      'with a member twice',
      () =>
        changed((path, content) =>
          path.endsWith('1/facts.json') ? [member(path, content), member(path, content)] : [member(path, content)],
        ),
      'portolan-bundle/nodes/1/facts.json is in it twice',
    ],
    [
      'without a manifest',
      () => changed((path, content) => (path === MANIFEST_PATH ? [] : [member(path, content)])),
      'bundle.json is not before what it speaks of',
    ],
    ['with an index alone', () => tgz(MEMBERS.slice(0, 1)), 'bundle.json is missing'],
    ['whose manifest is no JSON', () => manifest('{', ''), 'it is not JSON'],
    [
      'whose manifest leads elsewhere',
      () => manifest('portolan-bundle/nodes/1/facts.json', '../../etc/passwd'),
      'x.tgz, bundle.json: nodes[0].factsPath: "../../etc/passwd", wanted a path below portolan-bundle/',
    ],
    [
      'with a path that leaves it',
      () => tgz([...MEMBERS, member('../../etc/passwd', 'x')]),
      'it holds an entry with a path that leaves the archive',
    ],
    [
      'with a huge index',
      () => tgz([member('portolan-bundle/index.txt', new Uint8Array(17 * 2 ** 20).fill(0x61))]),
      'has 17825792 bytes, more than 16777216',
    ],
  ])('%s is refused in a line', async (_, bytes, why) => {
    const said = await refusal(bytes(), 'worker-3');
    expect(said).toContain(why);
    expect(said).toMatch(/^PTL_BUNDLE: /);
  });

  it('may name a member outside of what it lists only in vain', async () => {
    const facts = MEMBERS.find(({ path }) => path.endsWith('1/facts.json'));
    const other = new TextDecoder().decode(facts?.content).replace('worker-3', 'worker-8');
    const sum = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
    const forged = changed((path, content) => {
      if (path.endsWith('1/facts.json')) return [member(path, other)];
      if (path !== MANIFEST_PATH) return [member(path, content)];
      return [
        member(
          path,
          new TextDecoder().decode(content).replace(sum(facts?.content ?? new Uint8Array()), sum(utf8(other))),
        ),
      ];
    });
    expect(await refusal(forged, 'worker-3')).toContain('facts.json is about worker-8, wanted worker-3');
  });
});

describe('an archive of other files', () => {
  it('gives its members to the same recognition as a folder', async () => {
    const path = save(
      'sos.tgz',
      tgz([
        member('sos/etc/hosts', 'x'),
        member('./sos/conntrack', FLOW),
        member('sos/sysctl', 'kernel.hostname = worker-7\nnet.netfilter.nf_conntrack_max = 10\n'),
      ]),
    );
    const facts = await observe(path);
    expect([facts.node, facts.flows.flowCount, facts.table?.max]).toEqual(['worker-7', 1, undefined]);
    const plain = await observe(save('sos.tar', gunzipSync(tgz([member('a', FLOW)]))));
    expect(plain.flows.flowCount).toBe(1);
  });

  it('may be one compressed file', async () => {
    expect((await observe(save('flows.gz', gzipSync(FLOW.repeat(3))))).flows.flowCount).toBe(1);
  });

  it('that tar made, with long names, links and devices: these are passed over and named', async () => {
    const long = `${'deep/'.repeat(30)}${'n'.repeat(120)}`;
    const script = [
      'mkdir -p made/$(dirname $LONG)',
      'printf "%s" "$FLOW" > "made/$LONG"',
      'ln -s /etc/passwd made/link',
      'mkfifo made/pipe',
      'tar czf gnu.tgz --format=gnu made',
      'tar czf pax.tgz --format=pax made',
      'tar czPf outside.tgz --format=gnu --transform "s,made/deep.*,../../out," made',
    ].join(' && ');
    execFileSync('sh', ['-c', script], { cwd: folder, env: { ...process.env, LONG: long, FLOW } });
    for (const name of ['gnu.tgz', 'pax.tgz']) {
      const facts = await observe(join(folder, name));
      expect(facts.flows.flowCount).toBe(1);
      expect(facts.gaps.find(({ id }) => id === 'decoder')?.why).toMatch(
        /^passed over: made\/(?:link, a symbolic link|pipe, a pipe); made\/(?:link, a symbolic link|pipe, a pipe)$/,
      );
    }
    const error: unknown = await observe(join(folder, 'outside.tgz')).catch((refused: unknown) => refused);
    expect(String(error)).toContain('none of its');
  });

  it.each<readonly [string, () => string | Uint8Array, string]>([
    [
      'of other things',
      () => tgz([member('a', 'hello'), member('b', 'world')]),
      'PTL_UNKNOWN_FILE: Cannot read x.tgz: none of its 2 files is known',
    ],
    [
      'of one other thing',
      () => gzipSync('hello\n'),
      'PTL_UNKNOWN_FILE: Cannot read x.tgz: none of the texts that are known',
    ],
    [
      'half',
      () => tgz([member('a', FLOW.repeat(9000))]).subarray(0, 900),
      'PTL_ARCHIVE: Cannot read x.tgz: it ends too early',
    ],
    [
      'damaged',
      () => {
        const bytes = tgz([member('a', FLOW.repeat(9000))]).slice();
        bytes.fill(0xff, 100, 160);
        return bytes;
      },
      'PTL_ARCHIVE: Cannot read x.tgz: its gzip data are damaged',
    ],
    [
      'with a damaged header',
      () => {
        const bytes = Buffer.from(gunzipSync(tgz([member('a', FLOW), member('b', FLOW)])));
        bytes.fill(0x41, 1024, 1030);
        return gzipSync(bytes);
      },
      'PTL_ARCHIVE: Cannot read x.tgz: what should be a header at byte 1024 is none',
    ],
    [
      'a tar that ends inside a member',
      () => gunzipSync(tgz([member('a', FLOW.repeat(90))])).subarray(0, 2000),
      'PTL_ARCHIVE: Cannot read x.tgz: it ends too early, after 1 entries',
    ],
    ['xz', () => Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), 'compressed with xz: unpack it first'],
    ['a zip', () => 'PK\u0003\u0004rest', 'a zip: unpack it first'],
  ])('%s is refused in a line', async (_, bytes, why) => {
    expect(await refusal(bytes())).toContain(why);
  });
});

describe('a bomb', () => {
  const CHILD = fileURLToPath(new URL('./peak-memory-child.js', import.meta.url));

  /** Reads the file in a process of its own. @returns what it said and the most memory it had, in MiB. */
  function readInChild(path: string): { said: string; mebibytes: number } {
    const { stdout, stderr } = spawnSync(process.execPath, [CHILD, path], { encoding: 'utf8', timeout: 120_000 });
    const [said = '', kibibytes = ''] = stdout.trim().split('\n');
    if (kibibytes === '') throw new Error(stderr);
    return { said, mebibytes: Number(kibibytes) / 1024 };
  }

  /** 100 MiB of zeros, compressed once: gzip streams one after another are one. */
  const part = gzipSync(Buffer.alloc(100 * 2 ** 20));

  function bomb(name: string, parts: readonly Uint8Array[]): string {
    const path = join(folder, name);
    const descriptor = openSync(path, 'w');
    for (const bytes of parts) writeSync(descriptor, bytes);
    closeSync(descriptor);
    return path;
  }

  it('of 10 GB of zeros in 10 MB is refused early, in little memory', () => {
    const { said, mebibytes } = readInChild(
      bomb(
        'zeros.gz',
        Array.from({ length: 100 }, () => part),
      ),
    );
    expect(said).toContain('PTL_ARCHIVE');
    expect(said).toContain('it inflates to more than 200 times its size');
    expect(mebibytes).toBeLessThan(250);
  });

  it('that looks like conntrack is refused as early', () => {
    const path = save('flows-bomb.gz', gzipSync(FLOW.repeat(2_000_000)));
    const { said, mebibytes } = readInChild(path);
    expect(said).toContain('it inflates to more than 200 times its size');
    expect(mebibytes).toBeLessThan(400);
  });

  it('of a tar of zeros is no different', () => {
    const header = tarEntryBytes({ path: 'zeros', content: new Uint8Array(0), modifiedAt: 0 });
    const sized = Buffer.from(header);
    sized.write('07640000000', 124); // 1,040,187,392 bytes
    sized.write('        ', 148);
    const sum = sized.reduce((total, byte) => total + byte, 0);
    sized.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
    const path = bomb('tar-bomb.tgz', [gzipSync(sized), ...Array.from({ length: 10 }, () => part)]);
    expect(readInChild(path).said).toContain('it inflates to more than 200 times its size');
  });
});

it('nothing of all this was written anywhere', () => {
  expect(readdirSync(folder).filter((name) => /passwd|out$/.test(name))).toEqual([]);
});
