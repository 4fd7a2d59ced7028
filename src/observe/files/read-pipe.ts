// All bytes of a pipe or device, up to a bound: `portolan diagnose <(conntrack -L)`.
import { createReadStream } from 'node:fs';
import { archiveForm } from '../../dumps/archive/archive-form.ts';

/** Reads until the end or until `most` bytes came; closes the descriptor. */
export async function readPipe(descriptor: number, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of createReadStream('', { fd: descriptor })) {
    const bytes = part instanceof Uint8Array ? part : new TextEncoder().encode(String(part));
    parts.push(bytes.subarray(0, most - length));
    // Only archives have a NUL: a device of random bytes need not be read to its end.
    if (length === 0 && bytes.includes(0) && archiveForm(bytes) === undefined) break;
    length += bytes.length;
    if (length >= most) break;
  }
  return Buffer.concat(parts);
}
