// What an answer of the API server that is no success means: an error of the catalogue, with the verb that was refused.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { ApiAnswer, ApiClient, ApiRequest, ResourceAccess } from './api-client.ts';
import { statusMessage } from '../../core/kube-objects/parse-object.ts';

/** The request's answer when it is a success. Errors: PTL_API_UNAUTHORISED, PTL_API_FORBIDDEN, PTL_API_ABSENT, PTL_API_REFUSED and those of `send`. */
export async function ask(client: ApiClient, request: ApiRequest, signal: AbortSignal): Promise<unknown> {
  const answer = await client.send(request, signal);
  if (answer.status >= 200 && answer.status < 300) return answer.body;
  throw refusalOf(answer, request, client);
}

export function refusalOf(answer: ApiAnswer, request: ApiRequest, client: ApiClient): PortolanError {
  const what = request.access === undefined ? `read ${request.path}` : accessText(request.access);
  const said = statusMessage(answer.body) ?? `status ${answer.status}`;
  const facts = { status: answer.status, path: request.path };
  switch (isNobody(said) ? 401 : answer.status) {
    case 401: {
      const message = `Cannot ${what}: the API server ${client.server} does not accept the credentials of context ${client.context} (${said}), wanted valid ones`;
      return new PortolanError('PTL_API_UNAUTHORISED', message, { facts });
    }
    case 403: {
      const hint = request.access === undefined ? {} : { hint: `a role with this rule: ${ruleText(request.access)}` };
      const message = `Cannot ${what}: forbidden (${said}), wanted a role that allows it`;
      return new PortolanError('PTL_API_FORBIDDEN', message, { ...hint, facts });
    }
    case 404:
      return new PortolanError('PTL_API_ABSENT', `Cannot ${what}: ${said}, wanted it to be there`, { facts });
    default: {
      const message = `Cannot ${what}: the API server answered ${answer.status} (${said}), wanted a success`;
      return new PortolanError('PTL_API_REFUSED', message, { facts });
    }
  }
}

/** Without credentials, or with a certificate of another authority, a request counts as anonymous and is forbidden, not refused. */
function isNobody(said: string): boolean {
  return said.includes('User "system:anonymous"');
}

/** `list felixconfigurations of crd.projectcalico.org`. */
export function accessText({ verb, group, resource, namespace }: ResourceAccess): string {
  return `${verb} ${resource}${group === '' ? '' : ` of ${group}`}${namespace === undefined ? '' : ` in namespace ${namespace}`}`;
}

/** The rule that would allow it, as one line of a Role or ClusterRole. */
export function ruleText({ verb, group, resource }: ResourceAccess): string {
  return `{apiGroups: ["${group}"], resources: ["${resource}"], verbs: ["${verb}"]}`;
}
