// Tries what this kernel does, in a throwaway namespace.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { KernelBehaviour } from '../../core/model/kernel-behaviour.ts';

/** Errors: PTL_CANNOT_MEASURE. */
export function probeKernel(): Promise<KernelBehaviour> {
  return Promise.reject(new PortolanError('PTL_CANNOT_MEASURE', 'Cannot probe the kernel: no probe is built in, wanted one'));
}
