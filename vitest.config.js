// Tests run as compiled: what is tested is what ships, and worker threads find their modules.
import { defineConfig } from 'vitest/config';

const CLUSTER = 'dist/test/cluster/**/*.test.js';

const common = {
  pool: 'forks',
  testTimeout: 60_000,
  hookTimeout: 60_000,
};

export default defineConfig({
  test: {
    reporters: ['default', './dist/tools/summary-reporter.js'],
    projects: [
      {
        test: {
          ...common,
          name: 'node',
          include: ['dist/src/**/*.test.js', 'dist/test/**/*.test.js', 'dist/tools/**/*.test.js'],
          exclude: ['**/node_modules/**', CLUSTER],
        },
      },
      {
        test: {
          ...common,
          name: 'cluster',
          include: [CLUSTER],
          globalSetup: './dist/test/cluster/global-setup.js',
          // One API server for all files, one file at a time, after all others: see docs/decisions/0012-real-api-server.md.
          fileParallelism: false,
        },
      },
    ],
  },
});
