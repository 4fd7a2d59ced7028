// conflict: somebody else's interest in a port that SNAT uses really hurts, or is shown not to. Page: docs/checks/conflict.md
import type { NodeContext } from '../check-context.ts';
import type { Finding } from '../finding.ts';
import { harmlessClaims } from './conflict-harmless.ts';
import { interceptedPorts } from './conflict-intercepted.ts';
import { sharedRemotes } from './conflict-shared-remote.ts';
import { silentPorts } from './conflict-silent-port.ts';
import { untrackedPorts } from './conflict-untracked.ts';

/** All kinds of conflict, the proven ones first. */
export function checkConflict(context: NodeContext): readonly Finding[] {
  return [
    ...interceptedPorts(context),
    ...silentPorts(context),
    ...sharedRemotes(context),
    ...untrackedPorts(context),
    ...harmlessClaims(context),
  ];
}
