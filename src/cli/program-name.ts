// What the program is called in everything it prints.

/** `kubectl snat` when started as the plugin `kubectl-snat`, else `portolan`. */
export function programNameOf(startedAs: string): string {
  return startedAs.startsWith('kubectl-') ? startedAs.replace('-', ' ') : 'portolan';
}
