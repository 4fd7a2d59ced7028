// fine: looked at, and nothing is wrong; never said without evidence. Page: docs/checks/fine.md
import type { NodeContext, SpaceContext } from '../check-context.ts';
import { aboutNode, aboutSpace } from '../compose-finding.ts';
import { OCCUPANCY_GAPS } from '../confidence.ts';
import type { Finding } from '../finding.ts';
import { howMeasured, occupancyNumbers } from '../space-numbers.ts';

/** The verdict of a port space in which no other check found anything, and of which enough was seen. */
export function checkFine(context: SpaceContext): Finding {
  return aboutSpace(context, {
    check: 'fine',
    severity: 'ok',
    sentence: 'Enough source ports are free towards this destination.',
    numbers: occupancyNumbers(context),
    because: howMeasured(context),
  });
}

/** The verdict of a node on which no check found a warning and of which enough was seen. */
export function checkNodeFine({ facts, survey, losses }: NodeContext): Finding {
  const noPods = !facts.natRules.sourceNat.some(({ scope }) => scope === 'egress');
  return aboutNode(facts.gaps, {
    check: 'fine',
    severity: 'ok',
    sentence:
      noPods && survey.snatFlows === 0
        ? 'No rule translates pod egress here and no flow holds a SNAT port.'
        : 'No port space is short of source ports, and none of the other checks found a fault.',
    numbers: { snatFlows: { value: survey.snatFlows, unit: 'flows', source: 'conntrack dump' } },
    because: [
      'All port spaces were counted; the fuller ones were charted port by port.',
      losses === undefined
        ? 'Counters were not read: losses in the window are not known.'
        : `${losses.snat} packets were lost to SNAT and ${losses.tableFull} to a full table in the window.`,
      ...(noPods ? ['An eBPF data plane that masquerades by itself does not show in conntrack or in the rules.'] : []),
    ],
    base: noPods ? 'medium' : 'high',
    confidenceReason:
      'no rule for pod egress was found; an eBPF data plane that masquerades by itself would not show here',
    weights: { ...OCCUPANCY_GAPS, counters: 'medium' },
  });
}
