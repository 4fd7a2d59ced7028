// The story from exhaustion to repair on a lab node.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { DemoOptions } from '../measures.ts';

/** @returns the exit code. */
export function runDemo(_options: DemoOptions): Promise<number> {
  return Promise.reject(new PortolanError('PTL_CANNOT_MEASURE', 'Cannot run the demo: no lab is built in, wanted one'));
}
