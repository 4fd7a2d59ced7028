// Reads one file as diagnose does and prints what came of it and the most memory this process had, in KiB.
import { observeFiles } from '../../src/observe/files/observe-files.ts';
import { PortolanError } from '../../src/core/errors/portolan-error.ts';

const [path = ''] = process.argv.slice(2);
const said = await observeFiles({
  paths: [path],
  at: '2026-11-22T15:00:00.000Z',
  readStdin: () => Promise.resolve(new Uint8Array()),
}).then(
  ({ flows }) => `${flows.flowCount} flows`,
  (error: unknown) => (error instanceof PortolanError ? `${error.code}: ${error.message}` : String(error)),
);
console.log(said.replaceAll('\n', ' '));
console.log(process.resourceUsage().maxRSS);
