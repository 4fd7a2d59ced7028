// From `portolan apply --repair` to the change that takes unreadable values away.
import type { PlannedChange } from '../../core/advice/change/plan-range-change.ts';
import { planRepair } from '../../core/advice/change/repair-steps.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { ApplyRequest } from './apply-request.ts';
import { type ClusterSession, readRangeView } from './cluster-session.ts';

/** Errors: PTL_CHANGE_REFUSED when nothing is broken; PTL_API_*. */
export async function prepareRepair(
  session: ClusterSession,
  { range, request }: { readonly range: string | undefined; readonly request: ApplyRequest },
): Promise<PlannedChange> {
  const { verify, accepted } = request;
  const planned = planRepair(await readRangeView(session), { range, verify, accepted });
  if (planned.objects.length > 0) return planned;
  throw new PortolanError(
    'PTL_CHANGE_REFUSED',
    'Cannot repair: every stored natPortRange can be read, wanted one that cannot',
    {
      hint: 'portolan range',
    },
  );
}
