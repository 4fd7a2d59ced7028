// Claims inside the range that do no harm on this data plane: said once, so that nobody has to wonder.
import type { NodeContext } from '../check-context.ts';
import { aboutNode } from '../compose-finding.ts';
import type { Finding } from '../finding.ts';

/** One note for all of them; never a warning. */
export function harmlessClaims({ facts, claims }: NodeContext): readonly Finding[] {
  const harmless = claims.filter(({ hurts }) => !hurts);
  if (harmless.length === 0) return [];
  const kinds = [...new Set(harmless.map(({ claim }) => claim.kind))].toSorted();
  return [
    aboutNode(facts.gaps, {
      check: 'conflict',
      severity: 'info',
      sentence: `Ports inside the range are also claimed by others (${kinds.join(', ')}); by itself that is harmless on this data plane, except for the very same remote address and port.`,
      numbers: { claims: { value: harmless.length, unit: 'claims', source: 'sockets, links and rules of this node' } },
      because: [...new Set(harmless.map(({ truth }) => truth))].toSorted(),
      weights: { listeners: 'medium', links: 'medium', 'nat-rules': 'low', 'nat-rules-legacy': 'medium' },
    }),
  ];
}
