// A connection to a port of a pod, by port-forward of the API server: a stream like that of a TCP connection. What is not read
// is not fetched, so that an answer without end fills no memory.
import { Duplex } from 'node:stream';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { ChannelEnd, ChannelSpeaker, ClusterClient, ResourceAccess } from '../access/api-client.ts';
import { refusalOf } from '../access/refusal.ts';

export interface PodPort {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

/** Of the one port: its bytes both ways, and why there are none (kubelet, cri/streaming/portforward/websocket.go). */
const DATA = 0;
const TROUBLE = 1;
/** Each channel begins with the number of the port, in two bytes. */
const PORT_BYTES = 2;
const MOST_TROUBLE_CHARACTERS = 400;

export class ForwardedSocket extends Duplex {
  readonly #client: ClusterClient;
  readonly #place: PodPort;
  readonly #ending = new AbortController();
  readonly #unread = new Map([
    [DATA, PORT_BYTES],
    [TROUBLE, PORT_BYTES],
  ]);
  #speaker: ChannelSpeaker | undefined;
  #unsent: (() => void) | undefined;
  #trouble = '';

  constructor(client: ClusterClient, place: PodPort) {
    super();
    this.#client = client;
    this.#place = place;
    void this.#talk();
  }

  override _read(): void {
    this.#speaker?.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    if (this.#speaker === undefined) this.#unsent = () => this._write(chunk, _encoding, done);
    else this.#speaker.send(DATA, chunk, done);
  }

  /** The protocol knows no half of a connection that is over: who has said all waits for the answer. */
  override _final(done: () => void): void {
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#ending.abort();
    done(error);
  }

  async #talk(): Promise<void> {
    const request = {
      path: pathOf(this.#place),
      access: forwardAccess(this.#place),
      onFrame: (channel: number, bytes: Uint8Array) => this.#take(channel, bytes),
      onOpen: (speaker: ChannelSpeaker) => this.#begin(speaker),
    };
    try {
      this.#end(await this.#client.converse(request, this.#ending.signal));
    } catch (error) {
      if (!this.#ending.signal.aborted) this.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  }

  #begin(speaker: ChannelSpeaker): void {
    this.#speaker = speaker;
    this.#unsent?.();
    this.#unsent = undefined;
  }

  #take(channel: number, bytes: Uint8Array): boolean {
    const left = this.#unread.get(channel) ?? 0;
    this.#unread.set(channel, Math.max(0, left - bytes.length));
    const told = bytes.subarray(Math.min(left, bytes.length));
    if (told.length === 0) return true;
    if (channel === TROUBLE) this.#trouble = (this.#trouble + decode(told)).slice(0, MOST_TROUBLE_CHARACTERS);
    // The bytes are lent: whoever reads may come later.
    else if (channel === DATA && !this.push(Buffer.from(told))) this.#speaker?.pause();
    return true;
  }

  #end(end: ChannelEnd): void {
    if (end.kind === 'refused') this.destroy(refusedForward(this.#client, end.answer, this.#place));
    else if (this.#trouble !== '') this.destroy(notForwarded(this.#place, this.#trouble));
    else this.push(null);
  }
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function pathOf({ namespace, pod, port }: PodPort): string {
  const path = [namespace, 'pods', pod, 'portforward'].map(encodeURIComponent).join('/');
  return `/api/v1/namespaces/${path}?ports=${port}`;
}

function forwardAccess({ namespace }: PodPort): ResourceAccess {
  return { verb: 'create', group: '', resource: 'pods/portforward', namespace };
}

/** A WebSocket is authorised as `get` up to Kubernetes 1.34, from 1.35 as `create` too. */
const FORWARD_RULE = '{apiGroups: [""], resources: ["pods/portforward"], verbs: ["get", "create"]}';

function refusedForward(
  client: ClusterClient,
  answer: Extract<ChannelEnd, { kind: 'refused' }>['answer'],
  place: PodPort,
): PortolanError {
  const refusal = refusalOf(answer, { path: '', access: forwardAccess(place) }, client);
  if (refusal.code !== 'PTL_API_FORBIDDEN') return refusal;
  const hint = `a Role in namespace ${place.namespace} with this rule: ${FORWARD_RULE}`;
  return new PortolanError('PTL_API_FORBIDDEN', refusal.message, { hint, facts: refusal.facts });
}

function notForwarded({ namespace, pod, port }: PodPort, why: string): PortolanError {
  const message = `Cannot reach port ${port} of pod ${namespace}/${pod}: ${why.trim()}, wanted it to answer`;
  return new PortolanError('PTL_AGENT', message);
}
