// Tests run as compiled: what is tested is what ships, and worker threads find their modules.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['dist/src/**/*.test.js', 'dist/test/**/*.test.js', 'dist/tools/**/*.test.js'],
    exclude: ['**/node_modules/**'],
    pool: 'forks',
    reporters: ['default', './dist/tools/summary-reporter.js'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
