// Kernels as people name them, mapped to the two facts that decide a port search. For models and what-ifs only: a running kernel is probed.
import type { SearchBehaviour } from './port-search.ts';

/**
 * Named after the first mainline release of each behaviour: `4.x` scans the whole range, `5.0` gives up after 248 candidates
 * (a504b703bb1d), `6.5` takes closing TCP entries over (4589725502871e77), `6.12` tolerates reverse UDP clashes of unchanged
 * tuples (d8f84a9bc7c4), which no random-fully rule meets.
 */
export const KERNEL_ERAS = ['4.x', '5.0', '6.5', '6.12'] as const;

export type KernelEra = (typeof KERNEL_ERAS)[number];

/** How a mainline kernel of an era searches. */
export function eraBehaviour(era: KernelEra): SearchBehaviour {
  switch (era) {
    case '4.x':
      return { search: 'full-scan', evictsClosing: 'no' };
    case '5.0':
      return { search: 'windows', evictsClosing: 'no' };
    case '6.5':
    case '6.12':
      return { search: 'windows', evictsClosing: 'yes' };
  }
}

/** The era of a mainline release such as `5.15`, `6.1.192` or `4.x`; undefined when the text is no release. */
export function eraOfRelease(text: string): KernelEra | undefined {
  const match = /^(\d{1,2})\.(\d{1,3}|x)(?:[.-].*)?$/.exec(text);
  if (match === null) return undefined;
  const [major, minor] = [Number(match[1]), match[2] === 'x' ? 0 : Number(match[2])];
  if (major < 5) return '4.x';
  if (major < 6 || (major === 6 && minor < 5)) return '5.0';
  return major === 6 && minor < 12 ? '6.5' : '6.12';
}
