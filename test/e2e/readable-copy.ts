// A copy of the installed program that every user can read: a checkout of root's may lie where others cannot look.
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export interface ReadableCopy {
  /** Path of bin/portolan.js in the copy. */
  readonly program: string;
  readonly remove: () => void;
}

export function copyProgram(): ReadableCopy {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-copy-'));
  chmodSync(folder, 0o755);
  const manifest: { readonly dependencies: Record<string, string> } = JSON.parse(
    readFileSync(join(ROOT, 'package.json'), 'utf8'),
  );
  const modules = [...Object.keys(manifest.dependencies), '@koromix'].map((name) => join('node_modules', name));
  for (const part of ['package.json', 'bin', 'dist/src', ...modules]) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
  return { program: join(folder, 'bin/portolan.js'), remove: () => rmSync(folder, { recursive: true }) };
}
