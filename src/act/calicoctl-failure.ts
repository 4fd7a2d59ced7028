// The words of calicoctl for what an API server refuses (libcalico-go/lib/errors), so that scripts that look for them find
// them; the hint below is ours.
import { CATALOGUE } from '../core/errors/catalogue.ts';
import { PortolanError } from '../core/errors/portolan-error.ts';
import type { ApiAnswer, ResourceAccess } from '../kube/access/api-client.ts';
import { statusMessage } from '../core/kube-objects/parse-object.ts';
import { ruleText } from '../kube/access/refusal.ts';

export interface RefusedAsk {
  readonly name: string | undefined;
  readonly access: ResourceAccess;
}

/** `hit error: ...`. */
export function hitError(text: string, hint?: string): PortolanError {
  return new PortolanError('PTL_CALICO_OBJECT', `hit error: ${text}`, hint === undefined ? {} : { hint });
}

/** What calicoctl says of an answer that is no success, without anything before it. */
export function refusalText({ status, body }: ApiAnswer, { name }: RefusedAsk): string {
  const said = statusMessage(body) ?? `status ${status}`;
  const key = `FelixConfiguration(${name ?? ''})`;
  if (status === 404) return `resource does not exist: ${key} with error: ${said}`;
  if (status === 409) return `update conflict: ${key}`;
  if (status === 401 || status === 403) return `connection is unauthorized: ${said}`;
  return said;
}

export function refusalHint({ status }: ApiAnswer, { access }: RefusedAsk): string {
  switch (status) {
    case 401:
      return 'log in again, as for kubectl; nothing was changed';
    case 403:
      return `a ClusterRole with the rule ${ruleText(access)}`;
    case 404:
      return 'nothing was changed; portolan get felixconfiguration lists what there is';
    case 409:
      return 'someone else changed it since it was read; nothing was changed, run it again';
    default:
      return 'nothing was changed';
  }
}

/**
 * An error of the connection with calicoctl's words before it; its own code moves into the facts, because a script that
 * took calicoctl's place knows exit code 1 alone.
 */
export function prefixed(error: unknown, prefix: string, hint?: string): unknown {
  if (!(error instanceof PortolanError) || error.message.startsWith('hit error: ')) return error;
  const facts = { ...error.facts, code: error.code };
  const help = hint ?? error.hint ?? CATALOGUE[error.code].help;
  return new PortolanError('PTL_CALICO_OBJECT', `${prefix}${error.message}`, { cause: error, facts, hint: help });
}
