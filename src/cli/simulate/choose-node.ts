// Finds the simulated node that a person named, or the worst.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { SimReport } from '../../sim/sim-report.ts';
import { didYouMean } from '../flags/suggestion.ts';

export const WORST = 'worst';

export interface NodeChoice {
  /** A node, or `worst`. */
  readonly name: string;
  /** Where `--help` says more. */
  readonly helpCommand: string;
}

/** The worst node lost most; of those that lost nothing it was fullest. Errors: PTL_USAGE. */
export function chooseNode({ nodes }: SimReport, { name, helpCommand }: NodeChoice): string {
  const share = ({ peakPorts, capacityPorts }: SimReport['nodes'][number]): number =>
    peakPorts / Math.max(1, capacityPorts);
  const [worst] = [...nodes].sort((left, right) => right.drops - left.drops || share(right) - share(left));
  const chosen = name === WORST ? worst : nodes.find(({ node }) => node === name);
  if (chosen !== undefined) return chosen.node;
  const names = nodes.map(({ node }) => node);
  const known = names.length <= 4 ? names.join(', ') : `${names[0] ?? ''} to ${names.at(-1) ?? ''}`;
  const wanted = `${known} or ${WORST}${didYouMean(name, names)}`;
  throw new PortolanError('PTL_USAGE', `Cannot read --diagnose: ${name}, wanted ${wanted}`, { hint: helpCommand });
}
