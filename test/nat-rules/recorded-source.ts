// Replays recorded nf_tables answers: one record is a request key and one message after nlmsghdr.
import type { NfTablesSource } from '../../src/kernel/nat-rules/nf-tables-source.ts';

export interface Recorded {
  readonly key: string;
  readonly bytes: Uint8Array;
}

type Request = Parameters<NfTablesSource>[0];

export function requestKey({ type, table, set }: Request): string {
  return `${type}|${table?.family ?? ''}|${table?.name ?? ''}|${set ?? ''}`;
}

/** A source that answers like the recorded kernel. */
export function replay(records: readonly Recorded[]): NfTablesSource {
  return (request, visit) => {
    const key = requestKey(request);
    for (const { bytes } of records.filter((record) => record.key === key)) {
      visit({ type: request.type, flags: 2, sequence: 1, bytes, start: 0, stop: bytes.length });
    }
    return false;
  };
}

/** `<u32 length><bytes>` pairs of key and message, as written by record.ts. */
export function parseRecords(content: Uint8Array): readonly Recorded[] {
  // A Buffer's slice shares its memory, a Uint8Array's copies: tests that damage one record must not damage the next run.
  const file = new Uint8Array(content);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const chunks: Uint8Array[] = [];
  for (let at = 0; at + 4 <= file.length; ) {
    const length = view.getUint32(at, true);
    chunks.push(file.slice(at + 4, at + 4 + length));
    at += 4 + length;
  }
  const records: Recorded[] = [];
  for (let index = 0; index + 1 < chunks.length; index += 2) {
    records.push({ key: new TextDecoder().decode(chunks[index]), bytes: chunks[index + 1] ?? new Uint8Array(0) });
  }
  return records;
}

/** The reverse of parseRecords. */
export function formatRecords(records: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const chunks = records.flatMap(([key, bytes]) => [new TextEncoder().encode(key), bytes]);
  const file = new Uint8Array(chunks.reduce((sum, chunk) => sum + 4 + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    new DataView(file.buffer).setUint32(at, chunk.length, true);
    file.set(chunk, at + 4);
    at += 4 + chunk.length;
  }
  return file;
}
