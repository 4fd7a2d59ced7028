// What readers need of an API server: one request, one answer. The transport retries; readers judge the status.

/** What a request does to which resource, in the words of RBAC. */
export interface ResourceAccess {
  readonly verb: 'get' | 'list' | 'create' | 'update' | 'delete';
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
  /** Sent as JSON with POST, or PUT when `replaces`. A request with a body is never sent twice. */
  readonly body?: object;
  /** The body takes the place of what is stored at the path; only replace-object.ts asks for it. */
  readonly replaces?: boolean;
  /** What is stored at the path is removed, on the conditions in the body; only remove-object.ts asks for it. */
  readonly removes?: boolean;
  /** Never sent twice, although it only reads: someone who asks again soon wants the first answer. */
  readonly isOnce?: boolean;
}

export interface ApiAnswer {
  readonly status: number;
  /** Decoded JSON; the text itself where it is none. */
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

/** Chance and waiting, passed in by the program. */
export interface RetryWorld {
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Rejects with the signal's reason when it is aborted. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}
