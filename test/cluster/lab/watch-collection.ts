// Keeps a copy of a collection on the API server by list and watch, through restarts of the server, with nothing between.
import { request } from 'node:https';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import type { ApiAccess } from '../api-access.ts';
import { apiRequest, clientCertificate, textAt, valueAt } from '../api-request.ts';

export interface WatchOptions {
  readonly path: string;
  readonly signal: AbortSignal;
  /** Called with all objects after every change, and after every new list. */
  readonly onChange: (objects: readonly unknown[]) => void;
}

const PAUSE_MILLISECONDS = 100;

/** Resolves when the signal is aborted; a server that is away is asked again and again. */
export async function watchCollection(access: ApiAccess, options: WatchOptions): Promise<void> {
  const { path, signal, onChange } = options;
  while (!signal.aborted) {
    const listed = await apiRequest(access, { path }).catch(() => undefined);
    if (listed?.status === 200) {
      const objects = new Map(itemsOf(listed.body).map((item) => [nameOf(item), item]));
      onChange([...objects.values()]);
      const from = textAt(listed.body, 'metadata', 'resourceVersion');
      await follow(access, { ...options, path: `${path}?watch=1&resourceVersion=${from}` }, objects);
    }
    await pause(signal);
  }
}

/** Until the server ends the watch, says that it cannot go on, or is gone. */
function follow(access: ApiAccess, { path, signal, onChange }: WatchOptions, objects: Map<string, unknown>) {
  return new Promise<void>((resolve) => {
    const done = (): void => resolve();
    const { authority: ca, server, credentials } = access;
    const sent = request(new URL(path, server), { ca, ...clientCertificate(credentials), agent: false, signal });
    sent.once('error', done);
    sent.once('response', (response) => {
      response.once('error', done).once('close', done);
      // Lines pass the errors of what they are read from on.
      createInterface({ input: response })
        .on('error', done)
        .on('line', (line) => {
          if (apply(JSON.parse(line), objects)) onChange([...objects.values()]);
          else sent.destroy();
        });
    });
    sent.end();
  });
}

/** False when the event is the server's word that the copy is too old. */
function apply(event: unknown, objects: Map<string, unknown>): boolean {
  const type = textAt(event, 'type');
  if (type === 'ERROR') return false;
  const object = valueAt(event, 'object');
  if (type === 'DELETED') objects.delete(nameOf(object));
  else objects.set(nameOf(object), object);
  return true;
}

function nameOf(object: unknown): string {
  return textAt(object, 'metadata', 'name');
}

function itemsOf(body: unknown): readonly unknown[] {
  const items = valueAt(body, 'items');
  return Array.isArray(items) ? items : [];
}

async function pause(signal: AbortSignal): Promise<void> {
  await setTimeout(PAUSE_MILLISECONDS, undefined, { signal }).catch(() => {});
}
