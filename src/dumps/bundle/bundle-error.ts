// What is wrong with a bundle, in one line.
import { PortolanError } from '../../core/errors/portolan-error.ts';

export function bundleError(name: string, why: string, cause?: unknown): PortolanError {
  return new PortolanError('PTL_BUNDLE', `Cannot read ${name}: ${why}, wanted a bundle as portolan collect wrote it`, {
    hint: 'fetch it again, or collect another: portolan collect',
    cause,
  });
}
