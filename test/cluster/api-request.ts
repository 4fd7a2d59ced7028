// One HTTPS request to the API server with nothing between: the oracle beside any client library.
import { Agent, request } from 'node:https';
import type { ApiAccess, Credentials } from './api-access.ts';

export interface ApiRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From the root, with its query: `/api/v1/nodes?limit=1`. */
  readonly path: string;
  readonly body?: unknown;
  /** `application/json` without it; a PATCH needs one of its own. */
  readonly contentType?: string;
  /** Silence after which the request fails; 30 s without it. */
  readonly timeoutSeconds?: number;
}

export interface ApiAnswer {
  readonly status: number;
  /** Decoded JSON; the text itself where the server answers with text, as /readyz does. */
  readonly body: unknown;
}

/** Someone whose requests share connections: hundreds of them cost a tenth then. The caller ends it. */
export interface ApiSession extends ApiAccess {
  readonly agent: Agent;
}

export function openSession(access: ApiAccess): ApiSession {
  return { ...access, agent: new Agent({ keepAlive: true, maxSockets: 8 }) };
}

/** Answers with any HTTP status; fails only when there is no HTTP answer. */
export function apiRequest(access: ApiAccess | ApiSession, wanted: ApiRequest): Promise<ApiAnswer> {
  const timeoutSeconds = wanted.timeoutSeconds ?? 30;
  const body = wanted.body === undefined ? undefined : JSON.stringify(wanted.body);
  const options = {
    method: wanted.method ?? 'GET',
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : bodyHeaders(body, wanted.contentType)),
      ...('token' in access.credentials ? { authorization: `Bearer ${access.credentials.token}` } : {}),
    },
    ca: access.authority,
    ...clientCertificate(access.credentials),
    // Without a session no connection outlives its request: a test that ends the server would else wait for it.
    agent: 'agent' in access ? access.agent : false,
    timeout: timeoutSeconds * 1000,
  } as const;
  return new Promise((resolve, reject) => {
    const sent = request(new URL(wanted.path, access.server), options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => resolve({ status: response.statusCode ?? 0, body: parse(Buffer.concat(chunks)) }));
    });
    sent.once('error', reject);
    sent.once('timeout', () => sent.destroy(new Error(`no answer to ${wanted.path} within ${timeoutSeconds} s`)));
    sent.end(body);
  });
}

/** Node sends the body of a DELETE without its length unless told, and no server reads that. */
function bodyHeaders(body: string, contentType = 'application/json') {
  return { 'content-type': contentType, 'content-length': Buffer.byteLength(body) };
}

export function clientCertificate(credentials: Credentials): { cert?: string; key?: string } {
  return 'certificate' in credentials ? { cert: credentials.certificate, key: credentials.key } : {};
}

function parse(bytes: Buffer): unknown {
  const text = bytes.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The request's answer when its status is one of the expected; else an error that shows what the server said. */
export async function expectAnswer(access: ApiAccess, wanted: ApiRequest, ...statuses: number[]): Promise<unknown> {
  const { status, body } = await apiRequest(access, wanted);
  if (statuses.includes(status)) return body;
  const action = `${wanted.method ?? 'GET'} ${wanted.path}`;
  throw new Error(`${action}: status ${status}, wanted ${statuses.join(' or ')}: ${JSON.stringify(body)}`);
}

/** What stands at a path of names inside an answer; undefined where the path ends early. */
export function valueAt(body: unknown, ...names: readonly string[]): unknown {
  return names.reduce((value: unknown, name) => {
    return typeof value === 'object' && value !== null ? new Map(Object.entries(value)).get(name) : undefined;
  }, body);
}

/** The text at a path of names; throws where there is none. */
export function textAt(body: unknown, ...names: readonly string[]): string {
  const value = valueAt(body, ...names);
  if (typeof value !== 'string') throw new TypeError(`no text at ${names.join('.')} of ${JSON.stringify(body)}`);
  return value;
}
