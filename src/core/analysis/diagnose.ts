// Facts to findings.
import { PortolanError } from '../errors/portolan-error.ts';
import type { NodeFacts } from '../model/node-facts.ts';
import type { Diagnosis } from './diagnosis.ts';

/** Errors: PTL_CANNOT_MEASURE. */
export function diagnose(facts: NodeFacts): Diagnosis {
  throw new PortolanError('PTL_CANNOT_MEASURE', `Cannot diagnose ${facts.node}: no analysis is built in, wanted one`);
}
