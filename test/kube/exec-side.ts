// The other side of an exec: accepts a WebSocket by hand and sends frames in the channels of Kubernetes, whole or cut.
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

/** RFC 6455, section 1.3. */
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const BINARY = 0x82;

export class ExecSide {
  readonly command: readonly string[];
  readonly query: URLSearchParams;
  /** Whether a shell is asked to add the end mark. */
  readonly isMarked: boolean;
  readonly #socket: Duplex;

  /** Accepts with the first subprotocol that was offered unless told another. */
  constructor(request: IncomingMessage, socket: Duplex, protocol?: string) {
    this.#socket = socket;
    this.query = new URL(request.url ?? '', 'https://localhost').searchParams;
    const words = this.query.getAll('command');
    this.isMarked = words[0] === 'sh' && words[3] === 'sh';
    this.command = this.isMarked ? words.slice(4) : words;
    const key = request.headers['sec-websocket-key'] ?? '';
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',');
    const head = [
      'HTTP/1.1 101 Switching Protocols',
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Accept: ${createHash('sha1').update(`${key}${GUID}`).digest('base64')}`,
      `Sec-WebSocket-Protocol: ${protocol ?? offered[0] ?? ''}`,
    ];
    socket.write(`${head.join('\r\n')}\r\n\r\n`);
  }

  /** False when the kernel's buffer is full: wait for `drained`. */
  send(channel: number, bytes: Uint8Array | string): boolean {
    return this.#socket.write(frameOf(channel, bytes));
  }

  /** The beginning of a frame, as of a connection that is lost in the middle of one. */
  sendHalf(channel: number, text: string): void {
    const frame = frameOf(channel, text);
    this.#socket.write(frame.subarray(0, frame.length >> 1));
  }

  drained(): Promise<void> {
    return new Promise((resolve) => this.#socket.once('drain', () => resolve()));
  }

  sendStatus(status: object): void {
    this.send(3, JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, ...status }));
  }

  /** As a container that has a shell. */
  exit(code: number): void {
    if (this.isMarked) this.send(1, `portolan-end-${String(code).padStart(3, '0')}`);
    if (code === 0) return this.sendStatus({ status: 'Success' });
    const causes = [{ reason: 'ExitCode', message: String(code) }];
    const message = `command terminated with non-zero exit code: exit status ${code}`;
    this.sendStatus({ status: 'Failure', reason: 'NonZeroExitCode', message, details: { causes } });
  }

  cut(): void {
    this.#socket.destroy();
  }

  onceClosed(): Promise<void> {
    return new Promise((resolve) => this.#socket.once('close', () => resolve()));
  }
}

function frameOf(channel: number, bytes: Uint8Array | string): Buffer {
  const payload = Buffer.concat([Buffer.from([channel]), Buffer.from(bytes)]);
  if (payload.length < 126) return Buffer.concat([Buffer.from([BINARY, payload.length]), payload]);
  const head = Buffer.alloc(10);
  head.writeUInt8(BINARY, 0);
  head.writeUInt8(127, 1);
  head.writeBigUInt64BE(BigInt(payload.length), 2);
  return Buffer.concat([head, payload]);
}

/** Refuses the WebSocket with an HTTP answer, as an API server does. */
export function refuseUpgrade(socket: Duplex, status: number, message: string): void {
  const body = JSON.stringify({ kind: 'Status', status: 'Failure', message, code: status });
  const head = `HTTP/1.1 ${status} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n`;
  socket.end(head + body);
}
