// npm run fuzz:dumps [-- SECONDS [SEED]]: feeds every parser of saved text mutated texts, its own and those of other kinds, for a
// bounded time. Ends with the first input that throws or takes longer than any text of its size may; the seed replays it.
import { DUMP_FUZZERS, fuzzDumps } from './dump-fuzzers.ts';

const seconds = Number(process.argv[2] ?? 5);
const seed = Number(process.argv[3] ?? 1);
if (!(seconds > 0) || !Number.isInteger(seed)) {
  console.error(`Cannot fuzz: ${process.argv.slice(2).join(' ')}, wanted SECONDS above 0 and a whole SEED`);
  process.exit(1);
}
const deadline = performance.now() + seconds * 1000;
const { inputs, problem } = fuzzDumps(seed, { until: () => performance.now() >= deadline });
if (problem !== undefined) {
  console.error(`seed ${seed}: ${problem}`);
  process.exit(1);
}
console.log(
  `${inputs} texts in ${seconds} s from seed ${seed}, each for ${DUMP_FUZZERS.length} parsers: nothing thrown`,
);
