// Takes calico-node's environment out of its DaemonSet. Only values that stand there are taken: what comes from a Secret, a
// ConfigMap or a reference to another variable is named and left alone.
import type { UnreadVariable } from '../model/calico/felix-environment.ts';
import { type JsonObject, listOf, objectOf, textOf } from './parse-object.ts';

export interface CalicoEnvironment {
  /** Variables whose value stands there, names as written; the last of two wins, as in the container. */
  readonly variables: Readonly<Record<string, string>>;
  readonly unread: readonly UnreadVariable[];
}

/** Felix's own settings in any spelling (felix/config/env_var_loader.go) and the choice of the API group; nothing else is kept. */
const WANTED = /^(felix_.*|CALICO_API_GROUP)$/i;

/** Of a container calico-node in a namespace. */
export function parseCalicoEnvironment(container: JsonObject, namespace: string): CalicoEnvironment {
  const variables = new Map<string, string>();
  const unread = new Map<string, UnreadVariable>();
  for (const entry of listOf(container['env']).map(objectOf)) {
    const name = textOf(entry['name']);
    if (name === undefined || !WANTED.test(name)) continue;
    const from = originOf(entry, namespace);
    variables.delete(name);
    unread.delete(name);
    if (from === undefined) variables.set(name, textOf(entry['value']) ?? '');
    else unread.set(name, { name, from });
  }
  const whole = listOf(container['envFrom']).flatMap((source) => wholeOrigin(objectOf(source), namespace));
  return { variables: Object.fromEntries(variables), unread: [...unread.values(), ...whole] };
}

/** Undefined when the value itself stands there. */
function originOf(entry: JsonObject, namespace: string): string | undefined {
  const value = textOf(entry['value']) ?? '';
  // The kubelet replaces $(NAME) by another variable of the container.
  if (value.includes('$(')) return `the reference ${value}`;
  const from = objectOf(entry['valueFrom']);
  for (const [key, kind] of KEYED_SOURCES) {
    if (!(key in from)) continue;
    const source = objectOf(from[key]);
    return `${kind} ${namespace}/${textOf(source['name']) ?? '?'} key ${textOf(source['key']) ?? '?'}`;
  }
  const field = textOf(objectOf(from['fieldRef'])['fieldPath']);
  if (field !== undefined) return `field ${field} of the pod`;
  return Object.keys(from).length === 0 ? undefined : Object.keys(from).join(', ');
}

const KEYED_SOURCES = [
  ['secretKeyRef', 'Secret'],
  ['configMapKeyRef', 'ConfigMap'],
] as const;

/** With a prefix the source may still hold a Felix variable, unless the prefix says otherwise. */
function wholeOrigin(source: JsonObject, namespace: string): UnreadVariable[] {
  const prefix = (textOf(source['prefix']) ?? '').toLowerCase();
  if (!'felix_'.startsWith(prefix) && !prefix.startsWith('felix_')) return [];
  const secret = textOf(objectOf(source['secretRef'])['name']);
  if (secret !== undefined) return [{ from: `Secret ${namespace}/${secret}` }];
  const map = textOf(objectOf(source['configMapRef'])['name']);
  return map === undefined ? [] : [{ from: `ConfigMap ${namespace}/${map}` }];
}
