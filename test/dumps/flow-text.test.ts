// The reader of conntrack text: on texts recorded beside the netlink reader's table of the same namespace, on the same live, on
// hand-made hard cases, and on bytes that no tool wrote.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FIXED_TIMEOUT } from '../../src/core/model/flow-status.ts';
import { recogniseFlowText } from '../../src/dumps/flows/flow-text-kind.ts';
import { FlowTextReader, type FlowTextReading } from '../../src/dumps/flows/flow-text-reader.ts';
import { type FlowText, textOfTable } from '../conntrack/flow-text.ts';
import { NODE_ADDRESSES } from './flow-entries.ts';
import { type FlowTextRun, runFlowTextChild } from './flow-text-run.ts';

const FLOW_TEXTS = ['list', 'list-with-notice', 'extended', 'timestamp', 'xml', 'save', 'proc'] as const;
const WITH_IDS: readonly string[] = ['list-with-notice', 'extended', 'timestamp', 'xml'];

function recorded(name: string): Uint8Array {
  return readFileSync(`test/corpora/flow-text/${name}.txt`);
}

function read(bytes: Uint8Array, sizes: readonly number[] = [65_536], local = NODE_ADDRESSES): FlowTextReading {
  const reader = new FlowTextReader({ localAddresses: local });
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    reader.write(bytes.subarray(at, at + size));
    at += size;
  }
  return reader.end();
}

function readText(text: string, local = NODE_ADDRESSES): FlowTextReading {
  return read(Buffer.from(text, 'latin1'), [65_536], local);
}

function linesOf(reading: FlowTextReading): readonly string[] {
  return textOfTable(reading.value).map(({ line }) => line);
}

/** What netlink says, without what the text cannot carry. */
function expected(name: string, flows: readonly FlowText[]): readonly string[] {
  const isKept = ({ line }: FlowText): boolean => name !== 'xml' || !line.startsWith('icmp');
  return flows.filter(isKept).map(({ line }) => line);
}

function expectSameTable(name: string, run: { readonly flows: readonly FlowText[]; readonly text: Uint8Array }): void {
  const reading = read(run.text);
  const flows = textOfTable(reading.value);
  expect(flows.map(({ line }) => line)).toEqual(expected(name, run.flows));
  expect(reading.seen.unreadable).toBe(0);
  const byId = new Map(run.flows.map((flow) => [flow.id, flow]));
  const seconds = run.flows.map(({ timeoutSeconds }) => timeoutSeconds);
  for (const flow of flows) {
    if (WITH_IDS.includes(name)) expect(byId.get(flow.id)?.line).toBe(flow.line);
    else expect(flow.id).toBe(0);
    // The clock runs between the two.
    expect(flow.timeoutSeconds).toBeGreaterThanOrEqual(Math.min(...seconds) - 2);
    expect(flow.timeoutSeconds).toBeLessThanOrEqual(Math.max(...seconds));
  }
}

const recordedTable = readRecordedTable();

/** The counts in the first line, a flow in every other. */
function readRecordedTable(): FlowTextRun['netlink'] {
  const lines = readFileSync('test/corpora/flow-text/netlink.jsonl', 'utf8').trim().split('\n');
  const [counts, ...flows] = lines.map((line) => JSON.parse(line));
  return { counts, flows };
}

describe('recorded conntrack text', () => {
  it.each(FLOW_TEXTS)('%s gives the table that netlink gave', (name) => {
    expect(recordedTable.flows.length).toBeGreaterThan(30);
    expectSameTable(name, { flows: recordedTable.flows, text: recorded(name) });
  });

  it.each(FLOW_TEXTS)('%s gives the same table in chunks of any size', (name) => {
    const text = recorded(name);
    const wanted = linesOf(read(text));
    const sizes = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(sizes, (chunks) => {
        expect(linesOf(read(text, chunks))).toEqual(wanted);
      }),
      { seed: 11, numRuns: 20 },
    );
  });

  it.each(FLOW_TEXTS)('%s cut at any offset loses the end only', (name) => {
    const text = recorded(name);
    const whole = read(text).counts.entries;
    let most = 0;
    for (let length = 0; length <= text.length; length += length < 300 || length > text.length - 300 ? 1 : 97) {
      const { counts, seen } = read(text.subarray(0, length));
      // The last line counts as soon as it says all, and not while a word of it is half.
      expect(counts.entries).toBeGreaterThanOrEqual(most - 1);
      expect(counts.entries).toBeLessThanOrEqual(whole);
      expect(seen.unreadable).toBe(0);
      most = Math.max(most, counts.entries);
    }
    expect(most).toBe(whole);
  });

  it.each(FLOW_TEXTS)('%s with changed bytes keeps every other entry', (name) => {
    const text = recorded(name);
    const whole = read(text).counts.entries;
    const changes = fc.array(fc.tuple(fc.nat(text.length - 1), fc.nat(255)), { maxLength: 8 });
    fc.assert(
      fc.property(changes, (list) => {
        const changed = Uint8Array.from(text);
        for (const [place, byte] of list) changed[place] = byte;
        // A changed byte may join two lines, or two flows of XML.
        expect(read(changed).counts.entries).toBeGreaterThanOrEqual(whole - 2 * list.length);
      }),
      { seed: 12, numRuns: 60 },
    );
  });

  it('is recognised by content', () => {
    const kinds = [...FLOW_TEXTS, 'counters', 'counters-file'].map((name) => recogniseFlowText(recorded(name)));
    expect(kinds).toEqual([
      'flows',
      'flows',
      'flows',
      'flows',
      'flows-xml',
      'flows-save',
      'flows',
      'counters',
      'counters-file',
    ]);
  });

  it('was torn apart by the notice of conntrack, and is mended', () => {
    const text = Buffer.from(recorded('list-with-notice')).toString('latin1');
    expect(text).toMatch(/[a-z0-9= ]conntrack v/);
    expect(read(recorded('list-with-notice')).seen.announced).toBe(recordedTable.counts['entries']);
  });
});

describe('conntrack text of a living namespace', () => {
  it.each(['plain', 'accounting'] as const)('gives the tables that netlink gives at that moment (%s)', (accounting) => {
    const { netlink, texts } = runFlowTextChild(accounting);
    for (const name of FLOW_TEXTS) {
      expectSameTable(name, { flows: netlink.flows, text: Buffer.from(texts[name] ?? '', 'latin1') });
    }
  });
});

const TCP_LINE =
  'tcp      6 431999 ESTABLISHED src=10.244.0.5 dst=203.0.113.9 sport=1000 dport=443 src=203.0.113.9 dst=192.0.2.10 sport=443 dport=40000 [ASSURED] mark=0 use=1';
const TCP_FLOW =
  'tcp, 192.0.2.10 40000 <- 203.0.113.9 443, zone 0, from 10.244.0.5 1000, ESTABLISHED, snat, replied, assured';

describe('hard cases', () => {
  it.each([
    ['carriage returns', `${TCP_LINE}\r\n`],
    ['a byte order mark', `\xef\xbb\xbf${TCP_LINE}\n`],
    ['no last line feed', TCP_LINE],
    ['shell noise around', `$ sudo conntrack -L\n[sudo] password for op: \n${TCP_LINE}\n$ \n`],
    ['secctx and labels', TCP_LINE.replace('use=1', 'secctx=system_u:object_r:unlabeled_t:s0 labels=a,b use=1\n')],
    [
      'ip_conntrack',
      TCP_LINE.replace('use=1', 'secmark=0 use=1\n').replace('dport=443 src', 'dport=443 packets=1 bytes=60 src'),
    ],
    ['helper and delta-time', TCP_LINE.replace('use=1', 'helper=ftp delta-time=4 use=1\n')],
    [
      'time stamps',
      TCP_LINE.replace('use=1', '[start=Sun Nov 22 14:54:17 2026] [stop=Sun Nov 22 14:54:18 2026] use=1\n'),
    ],
    ['tabs', `${TCP_LINE.replaceAll(' ', '\t')}\n`],
  ])('reads an entry with %s', (_, text) => {
    const reading = readText(text);
    expect(linesOf(reading)).toEqual([TCP_FLOW]);
    expect(reading.gaps.map(({ id }) => id)).toEqual(['flow-details']);
  });

  it.each(['utf16le', 'utf16be'])('reads %s, as a Windows shell redirects', (encoding) => {
    const bytes = Buffer.from(`\ufeff${TCP_LINE}\r\n${TCP_LINE.replace('40000', '40001')}\r\n`, 'utf16le');
    if (encoding === 'utf16be') bytes.swap16();
    for (const size of [1, 2, 3, 7, 1000]) expect(read(bytes, [size]).value.flowCount).toBe(2);
  });

  it('reads an offloaded entry, which has neither timeout nor state', () => {
    const { value } = readText(`${TCP_LINE.replace('431999 ESTABLISHED ', '').replace('ASSURED', 'HW_OFFLOAD')}\n`);
    expect([value.flowCount, value.flows.tcpState[0], value.flows.timeoutSeconds[0]]).toEqual([1, 0, 0]);
    expect((value.flows.status[0] ?? 0) & 16).toBe(16);
  });

  it('keeps the fixed timeout that -o save tells', () => {
    const { value } = read(recorded('save'));
    const fixed = value.flows.status.subarray(0, value.flowCount).filter((status) => (status & FIXED_TIMEOUT) !== 0);
    expect(fixed.length).toBe(1);
  });

  it.each([
    ['a port too high', TCP_LINE.replace('40000', '400000')],
    ['an octet too high', TCP_LINE.replace('203.0.113.9', '203.0.113.900')],
    ['five octets', TCP_LINE.replace('203.0.113.9', '203.0.113.9.1')],
    ['no reply tuple', TCP_LINE.replace(/443 src=.*/, '443')],
    ['no ports', TCP_LINE.replaceAll(/[sd]port=\d+ /g, '')],
    ['three tuples', `${TCP_LINE} src=1.2.3.4 dst=1.2.3.4`],
    ['mixed families', TCP_LINE.replace('src=10.244.0.5', 'src=fd00::5')],
    ['an unknown TCP state', TCP_LINE.replace('ESTABLISHED', 'ESTABLISHING')],
    ['a word in the middle', TCP_LINE.replace('mark=0', 'oops')],
  ])('counts an entry with %s as unreadable and names its line', (_, line) => {
    const { value, gaps, seen } = readText(`${TCP_LINE}\n${line}\n`);
    expect([value.flowCount, seen.unreadable]).toEqual([1, 1]);
    expect(gaps[0]).toMatchObject({ id: 'decoder', why: '1 not understood, the first in line 2' });
  });

  it('says that entries are missing when conntrack had shown more', () => {
    const { gaps } = readText(`${TCP_LINE}\nconntrack v1.4.5 (conntrack-tools): 9 flow entries have been shown.\n`);
    expect(gaps[0]?.why).toBe('conntrack had shown 9, 8 are not in the text');
  });

  it('counts a flow once that two tables in one text hold, and says so', () => {
    const lines = Array.from({ length: 1000 }, (_, index) => TCP_LINE.replace('=40000', `=${40_000 + index}`));
    const { value, gaps } = readText(
      `${[...lines, ...lines.slice(100), TCP_LINE.replace('=40000', '=60000'), lines[0]].join('\n')}\n`,
    );
    expect(value.flowCount).toBe(1001);
    expect(value.portSpace(0).flows).toBe(1001);
    expect(new Set(value.flows.port.subarray(0, 1001)).size).toBe(1001);
    expect(gaps[0]).toMatchObject({
      id: 'decoder',
      why: '901 flows stand in the text twice, and are counted once: two tables were saved in it',
    });
  });

  it('counts a flow once that the kernel listed twice while its table changed, without calling that a gap', () => {
    const lines = Array.from({ length: 200 }, (_, index) => TCP_LINE.replace('=40000', `=${40_000 + index}`));
    const { value, gaps } = readText(`${[...lines, ...lines.slice(0, 2)].join('\n')}\n`);
    expect(value.flowCount).toBe(200);
    expect(gaps.map(({ id }) => id)).toEqual(readText(lines.join('\n')).gaps.map(({ id }) => id));
  });

  it('takes an empty table for a reading when conntrack says that it is empty', () => {
    const { gaps, complete } = readText('conntrack v1.4.5 (conntrack-tools): 0 flow entries have been shown.\n');
    expect([complete, gaps]).toEqual([true, []]);
  });

  it.each([
    ['nothing', '', 'the text is empty'],
    ['another file', 'hello\nworld\n', 'none of its 2 lines is an entry of conntrack'],
    ['rules', '-A POSTROUTING -s 10.0.0.0/8 -j MASQUERADE\n', 'none of its 1 lines is an entry of conntrack'],
    ['half an entry', TCP_LINE.slice(0, 90), 'the text stops in the middle of its first entry'],
    [
      'events',
      `    [NEW] ${TCP_LINE}\n[1.5]\t [DESTROY] ${TCP_LINE}\n`,
      'the text is events (conntrack -E), 2 of them, not the table',
    ],
    [
      'expectations',
      '297 proto=6 src=1.2.3.4 dst=5.6.7.8 sport=0 dport=21 mask-src=255.255.255.255\n',
      'the text is expectations (conntrack -L expect), not the table',
    ],
  ])('says of %s that it is no table', (_, text, why) => {
    const { value, gaps, complete } = readText(text);
    expect([value.flowCount, complete]).toEqual([0, false]);
    expect(gaps[0]).toMatchObject({ id: 'flows', why });
  });

  it('takes SNAT addresses for local when none are given, whatever comes first, and says so', () => {
    const own = TCP_LINE.replaceAll('10.244.0.5', '192.0.2.10').replace('dport=40000', 'dport=1000');
    const inbound = own
      .replaceAll('203.0.113.9', 'X')
      .replaceAll('192.0.2.10', '203.0.113.9')
      .replaceAll('X', '192.0.2.10');
    const { value, gaps } = readText(`${own}\n${inbound}\n${TCP_LINE}\n`, []);
    expect(value.flowCount).toBe(3);
    expect(gaps.map(({ id }) => id)).toEqual(['flow-details']);
    const guessed = new FlowTextReader();
    guessed.write(Buffer.from(`${own}\n`));
    expect(guessed.end().gaps.map(({ id }) => id)).toEqual(['host-flows', 'flow-details']);
  });

  it('drops a line of 10 MB and goes on, with little memory', () => {
    const reader = new FlowTextReader({ localAddresses: NODE_ADDRESSES });
    const chunk = new Uint8Array(65_536).fill(0x61);
    const before = process.memoryUsage().arrayBuffers;
    for (let megabytes = 0; megabytes < 160; megabytes += 1) reader.write(chunk);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
    reader.write(Buffer.from(`\n${TCP_LINE}\n`));
    const { gaps, value } = reader.end();
    expect(value.flowCount).toBe(1);
    expect(gaps[0]?.why).toBe('1 not understood, the first in line 1, 1 of them longer than a line can be');
  });

  it('never throws, whatever the bytes are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.integer({ min: 1, max: 500 }), (bytes, size) => {
        expect(read(bytes, [size]).gaps.length).toBeGreaterThan(0);
        recogniseFlowText(bytes);
      }),
      { seed: 13, numRuns: 500 },
    );
  });
});
