// Reads the NAT rules of the current thread's namespace.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { NatRules } from '../../core/model/nat-rule.ts';
import type { Reading } from '../../core/model/reading.ts';

/** Errors: PTL_CANNOT_MEASURE. */
export function readNatRules(): Reading<NatRules> {
  throw new PortolanError('PTL_CANNOT_MEASURE', 'Cannot read NAT rules: no reader is built in, wanted one');
}
