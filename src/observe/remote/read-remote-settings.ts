// The sysctls of a node, its release of the kernel and how full its conntrack table is, by one command.
import { SETTING_NAMES } from '../../core/model/node-settings.ts';
import type { Gap } from '../../core/model/gap.ts';
import { parseProcSys } from '../../dumps/settings/parse-proc-sys.ts';
import type { ListedSettings } from '../../dumps/settings/parse-sysctl-list.ts';
import type { NodeCommands } from './node-commands.ts';
import { noSettings } from './remote-gaps.ts';

export interface RemoteSettings extends ListedSettings {
  readonly gaps: readonly Gap[];
}

const OTHERS = ['net.netfilter.nf_conntrack_count', 'net.netfilter.nf_conntrack_max', 'kernel.osrelease'];
const PATHS = [...SETTING_NAMES, ...OTHERS].map((name) => `/proc/sys/${name.replaceAll('.', '/')}`);

/** `grep ""` prints each line with its file's path, so that a file that is missing does not shift the others. */
export async function readRemoteSettings(commands: NodeCommands): Promise<RemoteSettings> {
  const read = await commands.text(['grep', '', ...PATHS]);
  const settings = parseProcSys(read.text);
  const gaps = settings.missing.length === 0 ? [] : [noSettings(settings.missing, read.ok ? 'not printed' : read.why)];
  return { ...settings, gaps };
}
