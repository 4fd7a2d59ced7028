// Asks agents through the API server, with nothing but a person's kubeconfig: a port-forward to the agent's pod, TLS inside it,
// and a token that the API server makes for this one agent. No credential of the person's own goes to a node.
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:tls';
import { agentAudience, ASKER } from '../../core/kube-objects/agent-names.ts';
import { objectOf, textOf } from '../../core/kube-objects/parse-object.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { ApiRequest, ClusterClient } from '../access/api-client.ts';
import { collect } from '../access/http-transport.ts';
import { ask } from '../access/refusal.ts';
import { ForwardedSocket } from '../forward/forwarded-socket.ts';
import type { AgentPod } from './parse-agent-pod.ts';

/** The least that the API server gives. */
const TOKEN_SECONDS = 600;
/** A token is used for so long, and then another is asked for. */
const TOKEN_USE_MILLISECONDS = (TOKEN_SECONDS * 1000) / 2;
const MOST_REFUSAL_BYTES = 4096;
const MOST_HEADER_BYTES = 16 * 1024;

export interface AgentQuestion {
  /** With its query: `/facts?window=2`. */
  readonly path: string;
  /** Ends the answer too. */
  readonly signal: AbortSignal;
}

export interface ShortQuestion extends AgentQuestion {
  readonly timeoutSeconds: number;
  readonly mostBytes: number;
}

interface Token {
  readonly text: string;
  readonly until: number;
}

export class AgentClient {
  readonly #client: ClusterClient;
  readonly #now: () => number;
  readonly #tokens = new Map<string, Token>();

  /** `now`: monotonic milliseconds. */
  constructor(client: ClusterClient, now: () => number) {
    this.#client = client;
    this.#now = now;
  }

  /**
   * The answer, still to be read: whoever reads it bounds it, and destroys it when it is enough. Errors: PTL_API_*; PTL_AGENT for
   * an agent that is not reached or answers anything but 200.
   */
  async ask(pod: AgentPod, { path, signal }: AgentQuestion): Promise<IncomingMessage> {
    const token = await this.#tokenFor(pod, signal);
    const answer = await this.#send(pod, { path, token, signal });
    if (answer.statusCode === 200) return answer;
    const said = (await collect(answer, MOST_REFUSAL_BYTES)).toString('utf8').trim();
    throw agentError(pod, `it answers ${answer.statusCode ?? 0} (${printable(said)})`);
  }

  /** A short answer whole, within a time. Errors as of `ask`; PTL_AGENT also when it is longer, takes longer or is cut. */
  async askText(pod: AgentPod, { path, signal, timeoutSeconds, mostBytes }: ShortQuestion): Promise<string> {
    const timeout = AbortSignal.timeout(Math.ceil(timeoutSeconds * 1000));
    try {
      const answer = await this.ask(pod, { path, signal: AbortSignal.any([signal, timeout]) });
      return (await collect(answer, mostBytes)).toString('utf8');
    } catch (error) {
      signal.throwIfAborted();
      if (timeout.aborted) throw tooLate(pod, timeoutSeconds);
      if (error instanceof PortolanError && error.code !== 'PTL_API_ANSWER') throw error;
      throw agentError(pod, error instanceof PortolanError ? 'its answer is far too long' : endedEarly(error));
    }
  }

  #send(pod: AgentPod, { path, token, signal }: AgentQuestion & { readonly token: string }): Promise<IncomingMessage> {
    const socket = new ForwardedSocket(this.#client, pod);
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void => {
        socket.destroy();
        if (signal.aborted) reject(signal.reason);
        else reject(error instanceof PortolanError ? error : agentError(pod, wordsOf(error)));
      };
      socket.once('error', fail);
      const sent = httpsRequest({
        // API server and kubelet have brought us to this pod; its certificate, which people make, adds no name to that.
        createConnection: () => connect({ socket, rejectUnauthorized: false }),
        host: pod.pod,
        path,
        headers: { authorization: `Bearer ${token}`, 'user-agent': 'portolan' },
        maxHeaderSize: MOST_HEADER_BYTES,
        signal,
      });
      sent.once('error', fail);
      sent.once('response', (answer) => {
        answer.once('close', () => socket.destroy());
        resolve(answer);
      });
      sent.end();
    });
  }

  /** Errors: PTL_API_*. */
  async #tokenFor({ node, namespace }: AgentPod, signal: AbortSignal): Promise<string> {
    const known = this.#tokens.get(node);
    if (known !== undefined && known.until > this.#now()) return known.text;
    const until = this.#now() + TOKEN_USE_MILLISECONDS;
    const answer = objectOf(await ask(this.#client, tokenRequest(namespace, node), signal));
    const text = textOf(objectOf(answer['status'])['token']);
    if (text === undefined)
      throw new PortolanError('PTL_API_ANSWER', 'Cannot ask an agent: a TokenRequest without a token, wanted one');
    this.#tokens.set(node, { text, until });
    return text;
  }
}

function tokenRequest(namespace: string, node: string): ApiRequest {
  const account = [namespace, 'serviceaccounts', ASKER, 'token'].map(encodeURIComponent).join('/');
  return {
    path: `/api/v1/namespaces/${account}`,
    access: { verb: 'create', group: '', resource: 'serviceaccounts/token', namespace },
    body: {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { audiences: [agentAudience(node)], expirationSeconds: TOKEN_SECONDS },
    },
  };
}

export function agentError({ node }: Pick<AgentPod, 'node'>, why: string): PortolanError {
  return new PortolanError('PTL_AGENT', `Cannot ask the agent of node ${node}: ${why}, wanted an answer`);
}

export function tooLate(pod: AgentPod, timeoutSeconds: number): PortolanError {
  return agentError(pod, `it did not answer within ${Number(timeoutSeconds.toFixed(1))} s`);
}

/** What a reader of an answer throws when the connection goes. */
export function endedEarly(error: unknown): string {
  return `the connection ended early (${wordsOf(error)})`;
}

function wordsOf(error: unknown): string {
  const { code = '' } = error instanceof Error && 'code' in error ? { code: String(error.code) } : {};
  const text = error instanceof Error ? error.message : String(error);
  return printable(code === '' || text.includes(code) ? text : `${code}: ${text}`);
}

/** Some of what another program said, without anything that could drive a terminal. */
function printable(text: string): string {
  return text.slice(0, 200).replaceAll(/[^\x20-\x7e]/g, '?');
}
