// Prints a plain object as JSON or YAML.
import type { TextOutput } from './surroundings.ts';

/** Both end in a newline; YAML writes no anchors, so that every part can be copied alone. */
export async function printDocument(document: object, format: 'json' | 'yaml', stdout: TextOutput): Promise<void> {
  if (format === 'json') {
    stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    return;
  }
  const { stringify } = await import('yaml');
  stdout.write(stringify(document, { lineWidth: 0, aliasDuplicateObjects: false }));
}
