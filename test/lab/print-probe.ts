// Prints the probe's answer: what an unprivileged `portolan probe` would see.
import { probeKernel } from '../../src/kernel/probe/probe-kernel.ts';

process.stdout.write(JSON.stringify(await probeKernel({ release: 'test' })));
