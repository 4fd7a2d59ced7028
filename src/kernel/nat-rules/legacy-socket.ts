// Asks the kernel for iptables-legacy tables by getsockopt on a raw socket, and only for tables that already exist:
// asking for another one would load its module and hook it in (xt_request_find_table_lock).
import { readFileSync } from 'node:fs';
import { ENOENT, errnoName } from '../netlink/errno.ts';
import { lastErrno, libc } from '../netlink/libc.ts';
import { IPV4_LAYOUT, IPV6_LAYOUT } from './legacy-layout.ts';
import type { LegacyLayout } from './legacy-layout.ts';
import { ENTRIES_HEADER } from './legacy-table.ts';
import type { LegacyBlob } from './legacy-table.ts';

const SOCK_RAW_CLOEXEC = 3 | 0x80000;
const IPPROTO_RAW = 255;
const SO_GET_INFO = 64;
const SO_GET_ENTRIES = 65;
const INFO_BYTES = 84;
/** Retries when a table is replaced between the question for its size and the one for its entries (EAGAIN). */
const ATTEMPTS = 3;

interface LegacyFamily {
  readonly names: string;
  /** AF_INET 2, AF_INET6 10. */
  readonly domain: number;
  /** SOL_IP 0, IPPROTO_IPV6 41. */
  readonly level: number;
  readonly layout: LegacyLayout;
}

const FAMILIES: readonly LegacyFamily[] = [
  { names: 'ip_tables_names', domain: 2, level: 0, layout: IPV4_LAYOUT },
  { names: 'ip6_tables_names', domain: 10, level: 41, layout: IPV6_LAYOUT },
];

const WANTED = new Set(['nat', 'raw']);

export interface LegacyBlobs {
  readonly blobs: readonly LegacyBlob[];
  /** Why something could not be read. */
  readonly refusals: readonly string[];
}

/** Reads the nat and raw tables of both families that exist in this thread's namespace; none is a complete answer. */
export function readLegacyBlobs(): LegacyBlobs {
  const blobs: LegacyBlob[] = [];
  const refusals: string[] = [];
  for (const family of FAMILIES) {
    const names = tableNames(family);
    if (typeof names === 'string') refusals.push(names);
    else if (names.length > 0) readFamily(family, names, { blobs, refusals });
  }
  return { blobs, refusals };
}

function tableNames(family: LegacyFamily): readonly string[] | string {
  const path = `/proc/thread-self/net/${family.names}`;
  try {
    const names = readFileSync(path, 'latin1').split('\n');
    return names.filter((name) => WANTED.has(name));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    return code === 'ENOENT' ? [] : `${path}: ${code}`;
  }
}

function readFamily(
  family: LegacyFamily,
  tables: readonly string[],
  into: { readonly blobs: LegacyBlob[]; readonly refusals: string[] },
): void {
  const fd = libc().socket(family.domain, SOCK_RAW_CLOEXEC, IPPROTO_RAW);
  if (fd < 0) {
    into.refusals.push(`raw socket: ${errnoName(lastErrno())}: needs CAP_NET_RAW`);
    return;
  }
  try {
    for (const table of tables) {
      const blob = readTable(fd, family, table);
      if (typeof blob === 'string') into.refusals.push(blob);
      else if (blob !== undefined) into.blobs.push(blob);
    }
  } finally {
    libc().close(fd);
  }
}

/** @returns the table; undefined when it is gone; a text when the kernel refuses. */
function readTable(fd: number, family: LegacyFamily, table: string): LegacyBlob | string | undefined {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const info = named(table, INFO_BYTES);
    if (!get(fd, { level: family.level, name: SO_GET_INFO, value: info })) return refusal(table);
    const size = new DataView(info.buffer).getUint32(80, true);
    const entries = named(table, ENTRIES_HEADER + size);
    new DataView(entries.buffer).setUint32(32, size, true);
    if (get(fd, { level: family.level, name: SO_GET_ENTRIES, value: entries }))
      return { table, layout: family.layout, info, entries };
  }
  return `table ${table}: ${errnoName(lastErrno())}`;
}

function refusal(table: string): string | undefined {
  const errno = lastErrno();
  return errno === ENOENT ? undefined : `table ${table}: ${errnoName(errno)}: needs CAP_NET_ADMIN`;
}

function named(table: string, bytes: number): Uint8Array<ArrayBuffer> {
  const value = new Uint8Array(bytes);
  value.set(new TextEncoder().encode(table));
  return value;
}

function get(
  fd: number,
  option: { readonly level: number; readonly name: number; readonly value: Uint8Array },
): boolean {
  const length = new Uint8Array(Uint32Array.of(option.value.length).buffer);
  return libc().getsockopt(fd, option.level, option.name, option.value, length) === 0;
}
