// Compiles into dist/ and keeps dist/ honest: outputs whose source is gone are deleted, so a deleted test never runs again.
// Plain JavaScript, because it runs before anything is compiled.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const buildInfo = join(dist, '.tsbuildinfo');
const folders = ['src', 'test', 'bench', 'tools'];

/** Every file below a folder; none when the folder is not there. */
function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

for (const folder of folders) {
  for (const output of filesBelow(join(dist, folder))) {
    const source = join(root, relative(dist, output)).replace(/\.js(\.map)?$/, '.ts');
    if (!existsSync(source)) rmSync(output);
  }
  // An output that is missing is not written again while the build info says it is up to date.
  const sources = filesBelow(join(root, folder)).filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'));
  const written = (source) => existsSync(join(dist, relative(root, source)).replace(/\.ts$/, '.js'));
  if (!sources.every(written)) rmSync(buildInfo, { force: true });
}

/** The compiler; undefined after `npm ci --omit=dev`, where what was compiled before is all there is. */
function findCompiler() {
  try {
    return fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')));
  } catch {
    return undefined;
  }
}

const compiler = findCompiler();
if (compiler === undefined) {
  process.stderr.write('Cannot compile: typescript is not installed, wanted npm ci with development packages\n');
  process.exit(existsSync(join(dist, 'src/cli/main.js')) ? 0 : 1);
}
const { status } = spawnSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.json')], { stdio: 'inherit' });
process.exit(status ?? 1);
