// Turns a refused or absent resource into something not seen, with the right that would show it. What makes all reading
// pointless (no connection, no valid credentials) stays an error.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { Seen } from '../../core/model/calico/seen.ts';
import type { ResourceAccess } from './api-client.ts';
import { accessText, ruleText } from './refusal.ts';

/** What `read` gives, or why it may not or cannot be read. */
export async function seen<Value>(access: ResourceAccess, read: () => Promise<Value>): Promise<Seen<Value>> {
  try {
    return { seen: true, value: await read() };
  } catch (error) {
    if (!(error instanceof PortolanError)) throw error;
    if (error.code === 'PTL_API_FORBIDDEN')
      return { seen: false, why: `forbidden: ${accessText(access)}`, remedy: remedyOf(access) };
    if (error.code === 'PTL_API_ABSENT') return { seen: false, why: `not in this cluster: ${accessText(access)}` };
    throw error;
  }
}

/** The rule that a role lacks. */
export function remedyOf(access: ResourceAccess): string {
  return `a ClusterRole with the rule ${ruleText(access)}`;
}
