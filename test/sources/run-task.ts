// The program inNamespace starts: calls one function of a module and prints its result as JSON.
import { printAndExit } from '../print-and-exit.ts';

const [, , module = '', run = ''] = process.argv;
const tasks: Record<string, () => unknown> = await import(module);
printAndExit(await tasks[run]?.());
