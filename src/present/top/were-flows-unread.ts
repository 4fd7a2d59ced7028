// Whether a look saw no flow because it could see none: then nothing may be called zero.
import type { Diagnosis } from '../../core/analysis/diagnosis.ts';

export function wereFlowsUnread({ gaps }: Pick<Diagnosis, 'gaps'>): boolean {
  return gaps.some(({ id }) => id === 'flows' || id === 'conntrack-absent');
}
