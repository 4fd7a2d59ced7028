// portolan probe: what this kernel does with ports, by trying.
import { formatProbe, probeDocument } from '../../present/probe-table.ts';
import type { CommandInput } from '../command-spec.ts';
import { COULD_NOT_MEASURE, FINE } from '../exit-code.ts';
import { printDocument } from '../print-document.ts';
import { withProgress } from '../progress-line.ts';

/** @returns 0, or 3 when nothing could be tried. */
export async function runProbe(input: CommandInput): Promise<number> {
  const { surroundings, flags, style, format } = input;
  flags.finish();
  const behaviour = await withProgress(input, (progress) => {
    progress('trying this kernel', 0);
    return surroundings.measures.probeKernel();
  });
  if (format === 'json' || format === 'yaml')
    await printDocument(probeDocument(behaviour), format, surroundings.stdout);
  else surroundings.stdout.write(formatProbe(behaviour, style));
  return behaviour.evictsClosing === 'unknown' && behaviour.search === 'unknown' ? COULD_NOT_MEASURE : FINE;
}
