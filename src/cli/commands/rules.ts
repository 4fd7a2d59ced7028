// portolan rules: the installed source-NAT rules in evaluation order.
import { rulesDocument } from '../../present/rule-document.ts';
import { formatRules } from '../../present/rules-table.ts';
import type { CommandInput } from '../command-spec.ts';
import { COULD_NOT_MEASURE, FINE } from '../exit-code.ts';
import { printDocument } from '../print-document.ts';

/** @returns 0, or 3 when the rules could not be read. */
export async function runRules({ surroundings, flags, style, format }: CommandInput): Promise<number> {
  const netns = flags.text('netns', 'the path of a network namespace, for example /run/netns/blue');
  flags.finish();
  const reading = await surroundings.measures.readNatRules(netns);
  if (format === 'json' || format === 'yaml') await printDocument(rulesDocument(reading), format, surroundings.stdout);
  else surroundings.stdout.write(formatRules(reading, { style, wide: format === 'wide' }));
  const isBlind = reading.value.sourceNat.length === 0 && reading.gaps.some((gap) => gap.id === 'nat-rules');
  return isBlind ? COULD_NOT_MEASURE : FINE;
}
