// Where the recorded and written rulesets lie, seen from the compiled tests.
import { fileURLToPath } from 'node:url';

export function corpusPath(name: string): string {
  return fileURLToPath(new URL(`../../../test/corpora/nat-rules/${name}`, import.meta.url));
}
