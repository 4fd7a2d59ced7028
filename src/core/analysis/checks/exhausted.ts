// exhausted: open connections hold so many ports of a port space that new flows are lost. Page: docs/checks/exhausted.md
import type { SpaceContext } from '../check-context.ts';
import { gravestLoss } from '../attribute-losses.ts';
import { aboutSpace } from '../compose-finding.ts';
import type { Finding } from '../finding.ts';
import { cautionForPorts, remedyForPorts } from '../remedy.ts';
import { howMeasured, lossEvidence, occupancyNumbers } from '../space-numbers.ts';
import { dropSeverity } from '../thresholds.ts';
import { isTransient } from './churn.ts';

/** Fires on the drop probability of the ports held now; losses counted by the kernel only corroborate. */
export function checkExhausted(context: SpaceContext): Finding | undefined {
  const severity = dropSeverity(gravestLoss(context));
  if (severity === undefined || isTransient(context)) return undefined;
  return aboutSpace(context, {
    check: 'exhausted',
    severity,
    sentence: 'Open connections hold so many source ports towards this destination that new ones find none.',
    numbers: occupancyNumbers(context),
    because: [...howMeasured(context), ...lossEvidence(context), ...cautionForPorts(context)],
    remedy: remedyForPorts(context),
  });
}
