// Reads the NAT rules of the program's own namespace, or of another one in a thread that moves there.
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { NatRules } from '../../core/model/nat-rule.ts';
import type { Reading } from '../../core/model/reading.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';

/** Errors: PTL_NETNS when the namespace cannot be entered. */
export async function readRulesIn(netns: string | undefined): Promise<Reading<NatRules>> {
  if (netns === undefined) return (await import('../../kernel/nat-rules/read-nat-rules.ts')).readNatRules();
  const worker = new Worker(new URL('rules-worker.js', import.meta.url), { workerData: { netns } });
  try {
    const answer: Reading<NatRules>[] = await once(worker, 'message');
    const [reading] = answer;
    if (reading === undefined) throw new TypeError('Cannot read NAT rules: the thread sent nothing, wanted a reading');
    return reading;
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    throw new PortolanError(
      'PTL_NETNS',
      said.startsWith('Cannot ') ? said : `Cannot read NAT rules in ${netns}: ${said}, wanted a readable namespace`,
      { cause },
    );
  } finally {
    await worker.terminate();
  }
}
