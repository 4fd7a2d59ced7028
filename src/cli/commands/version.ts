// portolan version: what is installed.
import type { CommandInput } from '../command-spec.ts';
import { FINE } from '../exit-code.ts';
import { packageVersion } from '../package-version.ts';
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
