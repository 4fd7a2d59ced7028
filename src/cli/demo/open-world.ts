// Chooses the demo's world: the real kernel where it lets us, else the simulation, with one line that says why.
import { PortolanError } from '../../core/errors/portolan-error.ts';
import type { PortRange } from '../../core/model/port-range.ts';
import type { DemoOptions } from '../measures.ts';
import type { DemoWorld } from './demo-world.ts';

/**
 * Opens the world that was asked for. Each is imported only when it is used: the simulation needs no native library.
 * Errors: with `real` those of isolate() and of the lab; otherwise only bugs.
 */
export async function openWorld(options: DemoOptions, range: PortRange): Promise<DemoWorld> {
  if (options.world === 'simulated') return simulatedWorld(range);
  try {
    await options.isolate();
    const { LabWorld } = await import('./lab-world.ts');
    return await LabWorld.build(range, options.now);
  } catch (error) {
    if (options.world === 'real' || options.signal.aborted || !(error instanceof PortolanError)) throw error;
    options.warn(`${error.message.replaceAll(/\s*\n\s*/g, '; ')}; the node of this demo is simulated\n`);
    return simulatedWorld(range, error);
  }
}

async function simulatedWorld(range: PortRange, refusal?: PortolanError): Promise<DemoWorld> {
  const { SimulatedWorld } = await import('./simulated-world.ts');
  return new SimulatedWorld(range, refusal);
}
