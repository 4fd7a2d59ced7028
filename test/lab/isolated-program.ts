// Runs one exported function of a module inside namespaces of its own and prints what it returns as JSON.
import { isolateProcess } from '../../src/lab/isolate-process.ts';

isolateProcess({
  platform: process.platform,
  execPath: process.execPath,
  execArgv: process.execArgv,
  scriptAndArguments: process.argv.slice(1),
  env: process.env,
});
const [, , url = '', name = ''] = process.argv;
const module = (await import(url)) as Record<string, () => Promise<unknown>>;
const program = module[name];
if (program === undefined) throw new Error(`Cannot run ${name}: not exported by ${url}`);
const result = JSON.stringify((await program()) ?? null);
// A pipe takes a long result in pieces: leave only when it has all of them.
process.stdout.write(result, () => process.exit(0));
