// One HTTPS exchange with an API server, bounded in size and in silence. Knows nothing of Kubernetes but its address.
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { type RequestOptions, request as httpsRequest } from 'node:https';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { decoded } from './parse-object.ts';
import type { TransportAnswer } from './retry-policy.ts';

/** A server that says nothing for so long is gone; API servers answer lists within a minute or refuse them. */
const SILENCE_MILLISECONDS = 30_000;
/** A page of 500 nodes with their image lists stays below a tenth of this. */
export const MOST_ANSWER_BYTES = 64 * 1024 * 1024;

export interface Exchange {
  readonly url: URL;
  /** Agent, certificates and headers of the credentials. */
  readonly options: RequestOptions;
  readonly body: string | undefined;
  readonly signal: AbortSignal;
  readonly mostBytes?: number;
  /** The body of a success is not decoded. */
  readonly isBytes?: boolean;
  /** Called when the request has left. */
  readonly onSent?: (() => void) | undefined;
}

/** Errors: those of the connection, PTL_API_ANSWER for an answer that is too long. */
export function exchange({
  url,
  options,
  body,
  signal,
  mostBytes = MOST_ANSWER_BYTES,
  isBytes = false,
  onSent,
}: Exchange): Promise<TransportAnswer> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'http:' ? httpRequest : httpsRequest;
    const sent = send(url, { ...options, signal, timeout: SILENCE_MILLISECONDS }, (response) => {
      collect(response, mostBytes).then((bytes) => resolve(answerOf(response, bytes, isBytes)), reject);
    });
    sent.once('error', reject);
    sent.once('timeout', () => sent.destroy(Object.assign(new Error('no answer within 30 s'), { code: 'ETIMEDOUT' })));
    if (onSent !== undefined) sent.once('finish', onSent);
    sent.end(body);
  });
}

export interface OpenStream {
  readonly url: URL;
  readonly options: RequestOptions;
  readonly signal: AbortSignal;
  /** A connection that says nothing for so long is taken for lost. */
  readonly silenceSeconds: number;
}

/** As soon as the head of the answer is there; its body has not been read. Errors: those of the connection. */
export function openStream({ url, options, signal, silenceSeconds }: OpenStream): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'http:' ? httpRequest : httpsRequest;
    const sent = send(url, { ...options, signal, timeout: silenceSeconds * 1000 }, resolve);
    sent.once('error', reject);
    sent.once('timeout', () => {
      sent.destroy(Object.assign(new Error(`silent for ${silenceSeconds} s`), { code: 'ETIMEDOUT' }));
    });
    sent.end();
  });
}

export async function collect(response: IncomingMessage, mostBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response) {
    const bytes: Buffer = Buffer.isBuffer(part) ? part : Buffer.from(part);
    length += bytes.length;
    if (length > mostBytes) throw tooLong(mostBytes);
    parts.push(bytes);
  }
  return Buffer.concat(parts, length);
}

/** Leaving the loop over the response destroys its connection. */
function tooLong(mostBytes: number): PortolanError {
  return new PortolanError(
    'PTL_API_ANSWER',
    `Cannot read the answer of the API server: more than ${Math.floor(mostBytes / 1024 / 1024)} MiB, wanted a page of a list`,
  );
}

export function answerOf(response: IncomingMessage, bytes: Buffer, isBytes = false): TransportAnswer {
  const status = response.statusCode ?? 0;
  const retryAfter = Number(response.headers['retry-after']);
  return {
    status,
    body: isBytes && status === 200 ? bytes : decoded(bytes.toString('utf8')),
    ...(Number.isFinite(retryAfter) ? { retryAfterSeconds: retryAfter } : {}),
  };
}
