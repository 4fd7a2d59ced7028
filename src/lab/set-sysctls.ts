// Writes sysctls of the calling thread's network namespace. Synchronous on purpose: /proc/sys/net shows the namespace of the
// thread that opens the file, and libuv's pool threads live in another.
import { writeFileSync } from 'node:fs';
import { PortolanError } from '../core/errors/portolan-error.ts';

/** Keys are paths below /proc/sys. Errors: PTL_LAB. */
export function setSysctls(values: Readonly<Record<string, string | number>>): void {
  for (const [path, value] of Object.entries(values)) {
    try {
      writeFileSync(`/proc/sys/${path}`, String(value));
    } catch (cause) {
      throw new PortolanError('PTL_LAB', `Cannot set sysctl ${path}: ${value} was refused, wanted it written`, {
        cause,
      });
    }
  }
}
