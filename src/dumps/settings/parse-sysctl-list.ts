// Text of `sysctl -a`: `net.netfilter.nf_conntrack_max = 262144`, one a line.
import type { NodeSettings, TableUse } from '../../core/model/node-facts.ts';
import { settingsOf } from '../../core/model/node-settings.ts';
import { parseSysctlNumber } from '../../core/model/parse-sysctl.ts';

export interface ListedSettings {
  readonly settings: NodeSettings;
  /** Names of wanted sysctls that the text lacks. */
  readonly missing: readonly string[];
  readonly table: TableUse | undefined;
  /** kernel.hostname. */
  readonly host: string | undefined;
  /** kernel.osrelease. */
  readonly release: string | undefined;
}

const LINE = /^((?:net\.(?:netfilter|ipv4|nf)|kernel)[.\w-]+)[ \t]*[=:][ \t]*(.*)$/gm;

/** Never throws. */
export function parseSysctlList(text: string): ListedSettings {
  const values = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(LINE)) values.set(name, value.trim());
  return listedSettings(values);
}

/** What is wanted of the sysctls, by their full names. */
export function listedSettings(values: ReadonlyMap<string, string>): ListedSettings {
  const { value: settings, missing } = settingsOf((sysctl) => values.get(`net.${sysctl}`));
  return {
    settings,
    missing,
    table: tableOf(values),
    host: values.get('kernel.hostname'),
    release: values.get('kernel.osrelease'),
  };
}

function tableOf(values: ReadonlyMap<string, string>): TableUse | undefined {
  const count = parseSysctlNumber(values.get('net.netfilter.nf_conntrack_count') ?? '');
  const max = parseSysctlNumber(
    values.get('net.netfilter.nf_conntrack_max') ?? values.get('net.nf_conntrack_max') ?? '',
  );
  return count === undefined || max === undefined ? undefined : { count, max };
}
