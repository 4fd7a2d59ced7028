// The sysctls that Portolan reads, from whoever can look one up: /proc/sys, or the text of `sysctl -a`.
import type { NodeSettings } from './node-facts.ts';
import { parsePortRangeSysctl, parseSysctlNumber } from './parse-sysctl.ts';

export interface SettingsFound {
  readonly value: NodeSettings;
  /** Full names of the sysctls that were not found, or not understood. */
  readonly missing: readonly string[];
}

/** `lookUp` gets names without `net.`: `netfilter.nf_conntrack_acct`; it returns trimmed text. */
export function settingsOf(lookUp: (sysctl: string) => string | undefined): SettingsFound {
  const missing: string[] = [];
  const read = <Value>(sysctl: string, parse: (text: string) => Value | undefined): Value | undefined => {
    const text = lookUp(sysctl);
    const value = text === undefined ? undefined : parse(text);
    if (value === undefined) missing.push(`net.${sysctl}`);
    return value;
  };
  const acct = read('netfilter.nf_conntrack_acct', parseSysctlNumber);
  const value = withoutUndefined({
    conntrackEvents: read('netfilter.nf_conntrack_events', parseSysctlNumber),
    conntrackAcct: acct === undefined ? undefined : acct !== 0,
    tcpTimeWaitSeconds: read('netfilter.nf_conntrack_tcp_timeout_time_wait', parseSysctlNumber),
    tcpEstablishedSeconds: read('netfilter.nf_conntrack_tcp_timeout_established', parseSysctlNumber),
    tcpCloseWaitSeconds: read('netfilter.nf_conntrack_tcp_timeout_close_wait', parseSysctlNumber),
    udpSeconds: read('netfilter.nf_conntrack_udp_timeout', parseSysctlNumber),
    udpStreamSeconds: read('netfilter.nf_conntrack_udp_timeout_stream', parseSysctlNumber),
    localPortRange: read('ipv4.ip_local_port_range', parsePortRangeSysctl),
    localReservedPorts: read('ipv4.ip_local_reserved_ports', (text) => text),
  });
  return { value, missing };
}

type Unread<Facts> = { readonly [Name in keyof Facts]: Facts[Name] | undefined };

/** Drops the keys that were not read, so that "absent" and "undefined" stay the same thing. */
function withoutUndefined(unread: Required<Unread<NodeSettings>>): NodeSettings {
  return Object.fromEntries(Object.entries(unread).filter(([, value]) => value !== undefined));
}

/** The full names of all sysctls that settingsOf looks up. */
export const SETTING_NAMES: readonly string[] = settingsOf(() => undefined).missing;
