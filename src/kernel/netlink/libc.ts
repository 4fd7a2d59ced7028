// The only FFI of Portolan: the libc calls that Node lacks. Only call-scoped buffers cross; no address is ever stored.
import koffi, { type LibraryHandle } from 'koffi';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { errnoName } from './errno.ts';

type Bytes = Uint8Array | null;

/** struct sock_fprog. */
interface SocketFilter {
  /** Instructions, 8 bytes each. */
  readonly len: number;
  readonly filter: Uint8Array;
}

interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  bind(fd: number, address: Bytes, length: number): number;
  setsockopt(fd: number, level: number, name: number, value: Bytes, length: number): number;
  /** SO_ATTACH_FILTER: the program is a pointer inside struct sock_fprog, made for the call and gone with it. */
  setsockopt_filter(fd: number, level: number, name: number, program: SocketFilter, length: number): number;
  getsockopt(fd: number, level: number, name: number, value: Bytes, length: Uint8Array): number;
  sendto(fd: number, bytes: Bytes, length: number, flags: number, address: Bytes, addressLength: number): number;
  recv(fd: number, into: Bytes, length: number, flags: number): number;
  /** `headers`: struct mmsghdr, whose pointers are written right before the call (receive-batch.ts). */
  recvmmsg(fd: number, headers: Bytes, count: number, flags: number, timeout: Bytes): number;
  close(fd: number): number;
  unshare(flags: number): number;
  setns(fd: number, type: number): number;
  /** Thread 0 is the calling one; one bit a CPU. */
  sched_setaffinity(thread: number, length: number, cpus: Bytes): number;
  /** F_SETFD is 2; a value of 0 lets the descriptor survive execve, which Node forbids for stdio too. */
  fcntl(fd: number, command: number, type: 'int', value: number): number;
  /** Replaces this process; returns only on failure. Both lists end with null. */
  execve(path: string, argv: readonly (string | null)[], environment: readonly (string | null)[]): number;
}

let loaded: Libc | undefined;

/** Loads libc once; glibc and musl both answer to the names tried. */
function load(): Libc {
  if (loaded !== undefined) return loaded;
  const library = open();
  const filterType = koffi.struct({ len: 'uint16_t', filter: 'const uint8_t *' });
  loaded = {
    socket: library.func('int socket(int, int, int)'),
    bind: library.func('int bind(int, const uint8_t *, uint32_t)'),
    setsockopt: library.func('int setsockopt(int, int, int, const uint8_t *, uint32_t)'),
    setsockopt_filter: library.func('setsockopt', 'int', ['int', 'int', 'int', koffi.pointer(filterType), 'uint32_t']),
    getsockopt: library.func('int getsockopt(int, int, int, _Inout_ uint8_t *, _Inout_ uint8_t *)'),
    sendto: library.func('intptr_t sendto(int, const uint8_t *, size_t, int, const uint8_t *, uint32_t)'),
    recv: library.func('intptr_t recv(int, _Out_ uint8_t *, size_t, int)'),
    recvmmsg: library.func('int recvmmsg(int, _Inout_ uint8_t *, uint32_t, int, const uint8_t *)'),
    close: library.func('int close(int)'),
    unshare: library.func('int unshare(int)'),
    setns: library.func('int setns(int, int)'),
    sched_setaffinity: library.func('int sched_setaffinity(int, size_t, const uint8_t *)'),
    fcntl: library.func('int fcntl(int, int, ...)'),
    execve: library.func('int execve(const char *, const char **, const char **)'),
  };
  return loaded;
}

function open(): LibraryHandle {
  for (const name of ['libc.so.6', 'libc.so']) {
    try {
      return koffi.load(name);
    } catch {
      continue;
    }
  }
  throw new PortolanError(
    'PTL_FFI',
    'Cannot load libc: neither libc.so.6 nor libc.so answers, wanted a glibc or musl Linux',
  );
}

/** Where a buffer lies, for a structure that points to it: good for the call that follows at once, never to be kept. */
export function addressOf(buffer: Uint8Array): bigint {
  return koffi.address(buffer);
}

/** errno of the last failed call on this thread. */
export function lastErrno(): number {
  return koffi.errno();
}

/** Throws for a negative result; `action` completes "Cannot ...". */
export function checked(result: number, action: string): number {
  if (result >= 0) return result;
  const errno = lastErrno();
  throw new PortolanError('PTL_LIBC', `Cannot ${action}: ${errnoName(errno)}, wanted success`, {
    facts: { errno, errnoName: errnoName(errno) },
  });
}

/** The raw calls; each returns -1 on failure, with lastErrno() set. */
export function libc(): Libc {
  return load();
}
