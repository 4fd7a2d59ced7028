// Runs one exported function of a module inside namespaces of its own and prints what it returns as JSON.
import { printAndExit } from '../print-and-exit.ts';
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
printAndExit((await program()) ?? null);
