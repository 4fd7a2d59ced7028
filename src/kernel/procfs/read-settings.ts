// The sysctls of this thread's network namespace that decide how long ports are held and which the host itself uses.
import type { Gap } from '../../core/model/gap.ts';
import type { NodeSettings } from '../../core/model/node-facts.ts';
import { settingsOf } from '../../core/model/node-settings.ts';
import type { Reading } from '../../core/model/reading.ts';
import { conntrackAbsent, hasConntrack } from './conntrack-absent.ts';
import { readProcFile } from './proc-file.ts';

/** Reads the settings; each that is not readable stays undefined and is named in a gap. */
export function readSettings(): Reading<NodeSettings> {
  const { value, missing } = settingsOf((sysctl) => readProcFile(`/proc/sys/net/${sysctl.replaceAll('.', '/')}`));
  const gaps = gapsOf(missing);
  return { value, source: '/proc/sys/net', complete: gaps.length === 0, gaps };
}

function gapsOf(missing: readonly string[]): Gap[] {
  if (missing.length === 0) return [];
  if (!hasConntrack()) return [conntrackAbsent(missing.join(', '))];
  return [
    {
      id: 'sysctls',
      what: missing.join(', '),
      why: 'not readable in this namespace',
      weakens: 'how long ports are held after their connection, and which ports the host itself uses',
    },
  ];
}
