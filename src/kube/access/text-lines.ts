// Cuts a stream of bytes into lines. The last line counts only when its end has come: half a line is not half an object.
import { PortolanError } from '../../core/errors/portolan-error.ts';

/** An object of Kubernetes is at most 1.5 MiB in etcd; as JSON it may be somewhat more. */
const MOST_LINE_BYTES = 16 * 1024 * 1024;

/** Errors: PTL_API_ANSWER for a line that is longer than any object may be; those of `chunks`. */
export async function* textLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    if (rest.length > MOST_LINE_BYTES) throw tooLong();
    for (const part of parts) if (part.trim() !== '') yield part;
  }
}

function tooLong(): PortolanError {
  const message = `Cannot read the answer of the API server: a line of more than ${MOST_LINE_BYTES} characters, wanted an event`;
  return new PortolanError('PTL_API_ANSWER', message);
}
