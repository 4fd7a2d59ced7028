// The real program with made-up measurements: PTL_SAMPLE names a diagnosis, or what goes wrong. Started by the tests.
import { startProgram } from '../../src/cli/start-program.ts';
import { PortolanError } from '../../src/core/errors/portolan-error.ts';
import { sampleMeasures } from './sample-measures.ts';

const sample = process.env['PTL_SAMPLE'] ?? 'fine';
const platform = process.env['PTL_PLATFORM'];
if (platform !== undefined) Object.defineProperty(process, 'platform', { value: platform });

const measures = sampleMeasures(sample);
const trouble: Readonly<Record<string, () => Promise<never>>> = {
  bug: () => Promise.reject(new TypeError('rows is undefined')),
  refused: () =>
    Promise.reject(
      new PortolanError('PTL_USERNS_REFUSED', 'Cannot make a namespace: EPERM, wanted user namespaces allowed'),
    ),
  'late-bug': () => {
    setTimeout(() => {
      throw new RangeError('offset is out of bounds');
    }, 10);
    return new Promise(() => setTimeout(() => undefined, 5000));
  },
};

/** Breaks while the view is open. */
function crashingLater(): ReturnType<typeof measures.watchNode> {
  setTimeout(() => {
    throw new RangeError('offset is out of bounds');
  }, 1500);
  return measures.watchNode(undefined);
}

await startProgram(process, {
  ...measures,
  ...(sample === 'late-crash' ? { watchNode: crashingLater } : {}),
  ...(trouble[sample] === undefined ? {} : { observeNode: trouble[sample] }),
});
