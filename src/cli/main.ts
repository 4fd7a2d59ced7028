// The program: the only place that takes arguments, environment, clock and streams from the process.
import { LAZY_MEASURES } from './lazy-measures.ts';
import { startProgram } from './start-program.ts';

await startProgram(process, LAZY_MEASURES);
