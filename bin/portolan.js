#!/usr/bin/env node
// Starts the compiled program. In a checkout installed with --ignore-scripts nothing is compiled yet: compile once, then start.
import { existsSync } from 'node:fs';

const entry = new URL('../dist/src/cli/main.js', import.meta.url);
if (!existsSync(entry)) {
  const { spawnSync } = await import('node:child_process');
  process.stderr.write('portolan: compiling once\n');
  const compiled = spawnSync('npm', ['run', '--silent', 'build'], {
    cwd: new URL('..', import.meta.url),
    stdio: ['ignore', 2, 2],
  });
  if (compiled.status !== 0) {
    process.stderr.write(
      'Cannot start portolan: dist/ is missing and "npm run build" failed, wanted a compiled checkout\n',
    );
    process.exit(1);
  }
}
await import(entry.href);
