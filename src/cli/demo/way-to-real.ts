// Why a node is simulated, and what to do to get a real one: the last lines of the simulated demo.
import { CATALOGUE } from '../../core/errors/catalogue.ts';
import type { PortolanError } from '../../core/errors/portolan-error.ts';
import { commandText, type Style } from '../../present/style.ts';

/** What refused the real node; undefined: the simulation was asked for. */
export type Refusal = PortolanError | undefined;

/** Two lines: why, with the page that says more, and the next command. */
export function wayToReal(refusal: Refusal, style: Style): readonly string[] {
  const { why, next } = explain(refusal, style);
  const page = `${style.docsFolder ?? 'docs'}/reference/user-namespaces.md`;
  return [`Simulated because ${why}: ${page}`, `Next: ${next}`];
}

function explain(refusal: Refusal, style: Style): { readonly why: string; readonly next: string } {
  const command = commandText('portolan demo', style);
  switch (refusal?.code) {
    case undefined:
      return { why: 'you asked for it', next: `${command}   (on Linux, for the real kernel)` };
    case 'PTL_NOT_LINUX':
      return { why: 'this is not Linux', next: `${command}   (on a Linux machine, for the real kernel)` };
    case 'PTL_USERNS_REFUSED':
      return {
        why: 'namespaces are refused here',
        next: `${refusal?.hint ?? CATALOGUE.PTL_USERNS_REFUSED.help}   (for the real kernel)`,
      };
    case 'PTL_FFI':
      return { why: 'the native library cannot be loaded', next: `${CATALOGUE.PTL_FFI.help}   (for the real kernel)` };
    default:
      return {
        why: 'a real node cannot be built here',
        next: `sudo ${command}   (outside of any container, for the real kernel)`,
      };
  }
}
