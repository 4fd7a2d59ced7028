// The program inNamespace starts: calls one function of a module and prints its result as JSON.
const [, , module = '', run = ''] = process.argv;
const tasks: Record<string, () => unknown> = await import(module);
process.stdout.write(JSON.stringify(await tasks[run]?.()));
process.exit(0);
