// Files under /proc/sys, printed with their paths: `grep "" /proc/sys/net/...`.
import { type ListedSettings, listedSettings } from './parse-sysctl-list.ts';

const LINE = /^\/proc\/sys\/([^:]+):(.*)$/gm;

/** Never throws. */
export function parseProcSys(text: string): ListedSettings {
  const values = new Map<string, string>();
  for (const [, path = '', value = ''] of text.matchAll(LINE)) values.set(path.replaceAll('/', '.'), value.trim());
  return listedSettings(values);
}
