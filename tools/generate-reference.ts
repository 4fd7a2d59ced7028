// Program: writes the generated pages of docs/reference. `npm run docs` fails while a committed page differs.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { REFERENCE_PAGES } from './reference-pages.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
for (const page of REFERENCE_PAGES) {
  mkdirSync(dirname(join(root, page.path)), { recursive: true });
  writeFileSync(join(root, page.path), page.render());
  process.stdout.write(`wrote ${page.path}\n`);
}
