// The key that pseudonyms are made with: random and kept nowhere, or that of a file, so that several bundles agree.
import { createHmac } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync, writeFileSync } from 'node:fs';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { KeyedHash } from '../../core/redact/keyed-hash.ts';
import type { Surroundings } from '../surroundings.ts';

const KEY_BYTES = 32;
const MOST_KEY_BYTES = 4096;

/** `path`: a file with the key, made where there is none; undefined for a key of this run alone. Errors: PTL_BUNDLE. */
export function keyedHash(path: string | undefined, { randomBytes }: Pick<Surroundings, 'randomBytes'>): KeyedHash {
  const key = path === undefined ? randomBytes(KEY_BYTES) : keyOfFile(path, randomBytes);
  return (text) => createHmac('sha256', key).update(text).digest();
}

function keyOfFile(path: string, randomBytes: Surroundings['randomBytes']): Uint8Array {
  try {
    return readKey(path) ?? makeKey(path, randomBytes(KEY_BYTES));
  } catch (error) {
    if (error instanceof PortolanError) throw error;
    throw keyError(path, error instanceof Error && 'code' in error ? String(error.code) : String(error));
  }
}

/** Undefined where there is no such file. */
function readKey(path: string): Uint8Array | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    if (!fstatSync(descriptor).isFile()) throw keyError(path, 'it is no regular file');
    const bytes = new Uint8Array(MOST_KEY_BYTES + 1);
    const length = readSync(descriptor, bytes);
    if (length < KEY_BYTES || length > MOST_KEY_BYTES)
      throw keyError(path, `${length > MOST_KEY_BYTES ? 'more than 4096' : length} bytes`);
    return bytes.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}

function makeKey(path: string, key: Uint8Array): Uint8Array {
  const text = `${Buffer.from(key).toString('hex')}\n`;
  writeFileSync(path, text, { flag: 'wx', mode: 0o600 });
  return new TextEncoder().encode(text);
}

function keyError(path: string, given: string): PortolanError {
  return new PortolanError(
    'PTL_BUNDLE',
    `Cannot read the key ${path}: ${given}, wanted a file of ${KEY_BYTES} to ${MOST_KEY_BYTES} bytes that nobody can guess`,
    { hint: 'name a file that is not there yet: it is made' },
  );
}
