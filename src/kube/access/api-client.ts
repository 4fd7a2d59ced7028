// What readers need of an API server: one request, one answer. The transport retries; readers judge the status.

/** What a request does to which resource, in the words of RBAC. */
export interface ResourceAccess {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete';
  /** Empty for the core group. */
  readonly group: string;
  readonly resource: string;
  /** Absent for cluster-wide requests. */
  readonly namespace?: string;
}

export interface ApiRequest {
  /** From the root, without the query: `/api/v1/nodes`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Absent for discovery, which everyone may do. */
  readonly access?: ResourceAccess;
  /** Only the metadata of the objects is wanted: the server leaves out the rest. */
  readonly metadataOnly?: boolean;
  /** The body of a success is wanted as it came, to be decoded by who asked. */
  readonly isBytes?: boolean;
  /** Called when the request has left for the server; a client that does not know when need not call it. */
  readonly onSent?: () => void;
  /** Sent as JSON with POST, PUT when `replaces`, PATCH when `applies`. A request with a body is never sent twice. */
  readonly body?: object;
  /** The body takes the place of what is stored at the path; only replace-object.ts asks for it. */
  readonly replaces?: boolean;
  /** What is stored at the path is removed, on the conditions in the body; only remove-object.ts asks for it. */
  readonly removes?: boolean;
  /** The body is what one manager wants of the object (server-side apply); only apply-object.ts asks for it. */
  readonly applies?: boolean;
  /** Never sent twice, although it only reads: someone who asks again soon wants the first answer. */
  readonly isOnce?: boolean;
}

export interface ApiAnswer {
  readonly status: number;
  /** Decoded JSON; the text itself where it is none; a Buffer where bytes were asked for. */
  readonly body: unknown;
}

export interface ApiClient {
  /** Name of the kubeconfig context, or `in-cluster`. */
  readonly context: string;
  /** `https://HOST:PORT`. */
  readonly server: string;
  /** Any HTTP status is an answer. Errors: PTL_API_UNREACHABLE, PTL_API_CREDENTIALS, PTL_API_ANSWER; rejects with the signal's reason. */
  send(request: ApiRequest, signal: AbortSignal): Promise<ApiAnswer>;
  close(): void;
}

/** What a conversation over a WebSocket asks for, in the channels of Kubernetes: the first byte of each frame names one. */
export interface ChannelRequest {
  /** From the root, with its query. */
  readonly path: string;
  readonly access: ResourceAccess;
  /**
   * Called in order as frames come; nothing more is read meanwhile, and `bytes` are only lent. What it throws ends the
   * conversation and is passed on. @returns false when the conversation is over.
   */
  readonly onFrame: (channel: number, bytes: Uint8Array) => boolean;
  /** Called when the conversation has begun, by whoever also has something to say in it. */
  readonly onOpen?: (speaker: ChannelSpeaker) => void;
}

/** The other half of a conversation. What is said after its end is lost. */
export interface ChannelSpeaker {
  /** `onSent` is called when the bytes have left. */
  send(channel: number, bytes: Uint8Array, onSent: () => void): void;
  /** No more frames until `resume`, but for those that are here already. */
  pause(): void;
  resume(): void;
}

/** How a conversation ended: as it should, not begun at all, or the connection was lost in the middle. */
export type ChannelEnd =
  | { readonly kind: 'finished' }
  | { readonly kind: 'refused'; readonly answer: ApiAnswer }
  | { readonly kind: 'cut'; readonly why: string };

/** An answer that goes on, or one that is no success. */
export type StreamAnswer =
  | {
      readonly kind: 'open';
      /** Errors: those of the connection; leaving the loop closes it. */
      readonly chunks: AsyncIterable<Uint8Array>;
    }
  | { readonly kind: 'refused'; readonly answer: ApiAnswer };

export interface StreamRequest extends ApiRequest {
  /** A connection that says nothing for so long is taken for lost. */
  readonly silenceSeconds: number;
}

/** A client that can also listen to an answer without end, as a watch is one, and hold a conversation, as exec is one. */
export interface ClusterClient extends ApiClient {
  /** Tried once, over a connection of its own. Errors as of `send`. */
  stream(request: StreamRequest, signal: AbortSignal): Promise<StreamAnswer>;
  /** Errors as of `send`; rejects with the signal's reason. A refused beginning is tried again only where the server is busy. */
  converse(request: ChannelRequest, signal: AbortSignal): Promise<ChannelEnd>;
}

/** Chance and waiting, passed in by the program. */
export interface RetryWorld {
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Rejects with the signal's reason when it is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}
