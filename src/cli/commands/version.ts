// portolan version: what is installed.
import { readFileSync } from 'node:fs';
import type { CommandInput } from '../command-spec.ts';
import { FINE } from '../exit-code.ts';
import { printDocument } from '../print-document.ts';

const VERSION_OUTPUT_SCHEMA = 'portolan.dev/output/version/v1';

export async function runVersion({ surroundings, flags, format }: CommandInput): Promise<number> {
  flags.finish();
  const { runtime, platform, stdout } = surroundings;
  const version = packageVersion();
  if (format === 'json' || format === 'yaml')
    await printDocument({ schema: VERSION_OUTPUT_SCHEMA, version, runtime, platform }, format, stdout);
  else stdout.write(`portolan ${version}\n`);
  return FINE;
}

/** The version in package.json, beside dist/ in a checkout and in the installed package. */
function packageVersion(): string {
  const text = readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8');
  const manifest: { readonly version: string } = JSON.parse(text);
  return manifest.version;
}
