// The end of a program that prints one JSON document to its parent: a pipe takes a long one in pieces, which process.exit would cut.

/** Ends the process with 0 when the parent has all of it. */
export function printAndExit(result: unknown): void {
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
}
