// The version of the installed program.
import { readFileSync } from 'node:fs';

/** As package.json says it, beside dist/ in a checkout and in the installed package. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  const manifest: { readonly version: string } = JSON.parse(text);
  return manifest.version;
}
