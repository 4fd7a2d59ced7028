// Why a command could not be run on a node, in the words of the catalogue: what the API server, the kubelet or the container
// runtime said, and what would help.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { ApiAnswer, ApiClient, ResourceAccess } from '../access/api-client.ts';
import { statusMessage } from '../access/parse-object.ts';
import { refusalOf } from '../access/refusal.ts';
import { type ShellPod, placeOf } from './shell-pod.ts';

export interface ExecAttempt {
  readonly place: ShellPod;
  readonly command: readonly string[];
}

/** Up to Kubernetes 1.34 a WebSocket is authorised as `get`; from 1.35 `create` is asked for too, as it always was with POST. */
const EXEC_RULE = '{apiGroups: [""], resources: ["pods/exec"], verbs: ["get", "create"]}';
const NOT_FOUND = /executable file not found|no such file or directory|not found in \$PATH/i;
/**
 * The API server could not reach the kubelet: `error dialing backend: dial tcp 10.0.0.7:10250: connect: connection refused`. Since
 * 1.30 it accepts the WebSocket before it tries, so that the same comes as the status of the command.
 */
const NODE_AWAY = /error dialing backend|error sending request|dial tcp|no agent available|no preferred addresses/i;
const SERVER_FAULTS: ReadonlySet<number> = new Set([500, 502, 503, 504]);

export function execAccess({ namespace }: ShellPod): ResourceAccess {
  return { verb: 'create', group: '', resource: 'pods/exec', namespace };
}

/** The API server did not let the conversation begin. */
export function refusedExec(client: ApiClient, answer: ApiAnswer, attempt: ExecAttempt): PortolanError {
  const { place } = attempt;
  const said = statusMessage(answer.body) ?? `status ${answer.status}`;
  const refusal = refusalOf(answer, { path: '', access: execAccess(place) }, client);
  if (refusal.code === 'PTL_API_FORBIDDEN') {
    const hint = `a Role in namespace ${place.namespace} with this rule: ${EXEC_RULE}`;
    return new PortolanError('PTL_API_FORBIDDEN', refusal.message, { hint, facts: refusal.facts });
  }
  if (SERVER_FAULTS.has(answer.status) && NODE_AWAY.test(said)) return nodeAway(attempt, said);
  if (refusal.code !== 'PTL_API_REFUSED') return refusal;
  return cannotRun(attempt, `the API server answered ${answer.status} (${said})`, 'a running container');
}

/** `facts.reason` is `command-absent` where the image lacks the program, `node-away` where nobody could be asked. */
export function notStarted(attempt: ExecAttempt, why: string): PortolanError {
  if (NODE_AWAY.test(why)) return nodeAway(attempt, why);
  return NOT_FOUND.test(why) ? absentCommand(attempt, why) : cannotRun(attempt, why, 'the command to start');
}

/** Exit codes of a runtime that could not execute the file (126) or find it (127), as shells have them. */
export function absentCommand(attempt: ExecAttempt, why: string): PortolanError {
  return cannotRun(attempt, why, 'an image with that program', 'command-absent');
}

/** The connection ended before the status of the command came, so what was read is not all. */
export function cutOff(attempt: ExecAttempt, why: string): PortolanError {
  return cannotRun(attempt, `${why} before the command had ended`, 'all of its output', 'cut');
}

export function tookTooLong(attempt: ExecAttempt, seconds: number): PortolanError {
  return cannotRun(attempt, `it did not end within ${seconds} s`, 'it to end', 'timeout');
}

function nodeAway(attempt: ExecAttempt, said: string): PortolanError {
  const { node } = attempt.place;
  const message = `Cannot run a command on node ${node}: the API server does not reach its kubelet (${said}), wanted it to answer`;
  const facts = { ...factsOf(attempt), reason: 'node-away' };
  return new PortolanError('PTL_EXEC', message, { hint: `kubectl get node ${node}`, facts });
}

function cannotRun(attempt: ExecAttempt, given: string, wanted: string, reason = 'failed'): PortolanError {
  const message = `Cannot run ${attempt.command.join(' ').slice(0, 120)} on node ${attempt.place.node} (${placeOf(attempt.place)}): ${given}, wanted ${wanted}`;
  return new PortolanError('PTL_EXEC', message, { facts: { ...factsOf(attempt), reason } });
}

function factsOf({ place, command }: ExecAttempt): Readonly<Record<string, string>> {
  return { node: place.node, namespace: place.namespace, pod: place.pod, program: command[0] ?? '' };
}
