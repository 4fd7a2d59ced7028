// An Event about a Node, in the form of events.k8s.io/v1: what `kubectl describe node` and `kubectl events` show.
import type { ApiClient, ResourceAccess } from '../../kube/access/api-client.ts';
import { applyObject } from '../../kube/access/apply-object.ts';
import { refusalOf } from '../../kube/access/refusal.ts';
import { CONDITION, MANAGER } from './node-condition.ts';

/** Of objects that are in no namespace (ValidateEvent in pkg/apis/core/validation). */
const NAMESPACE = 'default';
const CONTROLLER = 'portolan.dev/agent';
/** The API server refuses more: note 1 kB, reportingInstance 128, a name 253. */
const MOST_NOTE_BYTES = 1000;
const MOST_INSTANCE = 128;
const MOST_NODE_NAME = 230;

export interface NodeEvent {
  readonly node: string;
  readonly uid: string;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly note: string;
  /** Wall-clock milliseconds; the first time. Node, time and reason tell an event from others. */
  readonly atMilliseconds: number;
  /** How often it came, once it came again, and when last. */
  readonly series?: { readonly count: number; readonly lastMilliseconds: number };
}

/** Stores it, or its series anew. Errors: PTL_API_*. */
export async function recordEvent(client: ApiClient, event: NodeEvent, signal: AbortSignal): Promise<void> {
  const object = eventObject(event);
  const path = `/apis/events.k8s.io/v1/namespaces/${NAMESPACE}/events/${object.metadata.name}`;
  const access: ResourceAccess = { verb: 'patch', group: 'events.k8s.io', resource: 'events', namespace: NAMESPACE };
  const answer = await applyObject(client, { path, access, object, manager: MANAGER }, signal);
  if (answer.status !== 200 && answer.status !== 201) throw refusalOf(answer, { path, access }, client);
}

function eventObject({ node, uid, type, reason, note, atMilliseconds, series }: NodeEvent) {
  const name = `${node.slice(0, MOST_NODE_NAME).replace(/[^a-z0-9]+$/, '')}.${atMilliseconds.toString(16)}`;
  return {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name, namespace: NAMESPACE },
    eventTime: microTime(atMilliseconds),
    reportingController: CONTROLLER,
    reportingInstance: node.slice(0, MOST_INSTANCE),
    action: CONDITION,
    type,
    reason,
    note: cut(note),
    regarding: { apiVersion: 'v1', kind: 'Node', name: node, uid },
    ...(series && { series: { count: series.count, lastObservedTime: microTime(series.lastMilliseconds) } }),
  };
}

/** MicroTime: six digits behind the point, no fewer. */
function microTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/Z$/, '000Z');
}

function cut(note: string): string {
  const bytes = Buffer.from(note);
  return bytes.length <= MOST_NOTE_BYTES
    ? note
    : `${bytes.toString('utf8', 0, MOST_NOTE_BYTES).replace(/\uFFFD+$/, '')}...`;
}
