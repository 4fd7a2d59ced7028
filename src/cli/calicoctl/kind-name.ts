// The names of the one kind that get and patch know (calicoctl/resourcemgr/felixconfig.go).
import { PortolanError } from '../../core/errors/portolan-error.ts';

const NAMES: ReadonlySet<string> = new Set([
  'felixconfiguration',
  'felixconfigurations',
  'felixconfig',
  'felixconfigs',
]);

/** Upper or lower case. Errors: PTL_CALICO_OBJECT, behind `before`. */
export function checkKind(kind: string, before = ''): void {
  if (NAMES.has(kind.toLowerCase())) return;
  throw new PortolanError('PTL_CALICO_OBJECT', `${before}resource type '${kind}' is not supported`, {
    hint: 'felixconfiguration is; for other kinds use calicoctl or kubectl',
  });
}

/** Errors: PTL_CALICO_OBJECT for an empty name. */
export function checkNames(names: readonly string[], before = ''): void {
  if (names.every((name) => name !== '')) return;
  throw new PortolanError('PTL_CALICO_OBJECT', `${before}resource name may not be empty`, {
    hint: 'usually: default',
  });
}

export const NOT_NAMESPACED = 'FelixConfiguration is not namespaced';
