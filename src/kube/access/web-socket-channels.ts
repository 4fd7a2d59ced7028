// A conversation over a WebSocket, opened by the official library (subprotocols v5 and v4.channel.k8s.io, credentials,
// proxies). Added here: the answer when the server refuses, an end in the middle that is told from a good one, an abort.
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { RequestOptions } from 'node:https';
import type { ChannelEnd, ChannelRequest, ChannelSpeaker } from './api-client.ts';
import { answerOf, collect } from './http-transport.ts';

const HANDSHAKE_MILLISECONDS = 30_000;
/** For the other side to say good-bye too; the process would wait for it. */
const CLOSE_MILLISECONDS = 1000;
/** The API server and kubelets send frames of 32 KiB at most. */
const MOST_FRAME_BYTES = 16 * 1024 * 1024;
const MOST_REFUSAL_BYTES = 256 * 1024;

export interface Conversation {
  /** `https://HOST:PORT`. */
  readonly server: string;
  /** Adds credentials, authority and proxy. */
  readonly authorise: (options: RequestOptions) => Promise<void>;
  readonly request: ChannelRequest;
  readonly signal: AbortSignal;
}

/** What a reader of frames throws stays apart from what happens to the connection. */
export type TalkEnd = ChannelEnd | { readonly kind: 'thrown'; readonly error: unknown };

/** What is used of a socket of the library `ws`, before it is open. */
interface Socket {
  on(event: 'open', listener: () => void): unknown;
  on(event: 'close', listener: (code: number, reason: Uint8Array) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'unexpected-response', listener: (request: ClientRequest, response: IncomingMessage) => void): unknown;
  terminate(): void;
  send(frame: Uint8Array, sent: () => void): void;
  pause(): void;
  resume(): void;
}

/** Errors: those of the connection before it is open; rejects with the signal's reason. */
export async function converse({ server, authorise, request, signal }: Conversation): Promise<TalkEnd> {
  const { Exec, KubeConfig } = await import('@kubernetes/client-node');
  signal.throwIfAborted();
  const talk = new Talk(request, signal);
  const config = new KubeConfig();
  config.loadFromClusterAndUser({ name: 'cluster', server, skipTLSVerify: false }, { name: 'user' });
  config.applyToHTTPSOptions = async (options: RequestOptions): Promise<void> => {
    await authorise(options);
    Object.assign(options, talk.socketOptions());
  };
  const opened = new Exec(config).handler.connect(request.path, null, talk.onFrame);
  return talk.end(opened);
}

/** Collects what happens to one socket into one end. */
class Talk {
  readonly #request: ChannelRequest;
  readonly #signal: AbortSignal;
  readonly #done: Promise<TalkEnd>;
  #socket: Socket | undefined;
  #isOpen = false;
  #resolve: (end: TalkEnd) => void = () => undefined;
  #reject: (reason: unknown) => void = () => undefined;

  constructor(request: ChannelRequest, signal: AbortSignal) {
    this.#request = request;
    this.#signal = signal;
    this.#done = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Options of the library `ws`; `finishRequest` is its way to reach a socket before it is open. */
  socketOptions(): object {
    return {
      handshakeTimeout: HANDSHAKE_MILLISECONDS,
      closeTimeout: CLOSE_MILLISECONDS,
      maxPayload: MOST_FRAME_BYTES,
      perMessageDeflate: false,
      finishRequest: (sent: ClientRequest, socket: Socket) => {
        this.#listen(socket);
        sent.end();
      },
    };
  }

  /** Never throws: an error thrown inside the library's event would end the process. */
  readonly onFrame = (channel: number, bytes: Uint8Array): boolean => {
    try {
      if (this.#request.onFrame(channel, bytes)) return true;
      this.#resolve({ kind: 'finished' });
      return false;
    } catch (error) {
      this.#resolve({ kind: 'thrown', error });
      this.#socket?.terminate();
      return false;
    }
  };

  async end(opened: Promise<unknown>): Promise<TalkEnd> {
    const stop = (): void => {
      this.#reject(this.#signal.reason);
      this.#socket?.terminate();
    };
    this.#signal.addEventListener('abort', stop, { once: true });
    // Its error says less than the socket's own, unless the request was never sent.
    opened.catch((error: unknown) => {
      if (this.#socket === undefined) this.#reject(error);
    });
    try {
      return await this.#done;
    } finally {
      this.#signal.removeEventListener('abort', stop);
    }
  }

  #listen(socket: Socket): void {
    this.#socket = socket;
    if (this.#signal.aborted) socket.terminate();
    socket.on('open', () => {
      this.#isOpen = true;
      this.#request.onOpen?.(speakerOf(socket));
    });
    socket.on('error', (error) => {
      if (this.#isOpen) this.#resolve({ kind: 'cut', why: error.message });
      else this.#reject(error);
    });
    socket.on('close', (code, reason) => {
      const said = new TextDecoder().decode(reason);
      this.#resolve({ kind: 'cut', why: `the connection ended with code ${code}${said === '' ? '' : ` (${said})`}` });
    });
    socket.on('unexpected-response', (_, response) => void this.#refuse(socket, response));
  }

  async #refuse(socket: Socket, response: IncomingMessage): Promise<void> {
    try {
      const bytes = await collect(response, MOST_REFUSAL_BYTES);
      this.#resolve({ kind: 'refused', answer: answerOf(response, bytes) });
    } catch (error) {
      this.#reject(error);
    } finally {
      socket.terminate();
    }
  }
}

function speakerOf(socket: Socket): ChannelSpeaker {
  return {
    send: (channel, bytes, onSent) => socket.send(Uint8Array.from([channel, ...bytes]), () => onSent()),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
  };
}
