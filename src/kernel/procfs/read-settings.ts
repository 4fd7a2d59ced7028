// The sysctls of this thread's network namespace that decide how long ports are held and which the host itself uses.
import type { Gap } from '../../core/model/gap.ts';
import type { NodeSettings } from '../../core/model/node-facts.ts';
import type { Reading } from '../../core/model/reading.ts';
import { conntrackAbsent, hasConntrack } from './conntrack-absent.ts';
import { parsePortRangeSysctl, parseSysctlNumber } from './parse-sysctl.ts';
import { readProcFile } from './proc-file.ts';

/** Reads the settings; each that is not readable stays undefined and is named in a gap. */
export function readSettings(): Reading<NodeSettings> {
  const missing: string[] = [];
  const read = <Value>(sysctl: string, parse: (text: string) => Value | undefined): Value | undefined => {
    const text = readProcFile(`/proc/sys/net/${sysctl.replaceAll('.', '/')}`);
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
  const gaps = gapsOf(missing);
  return { value, source: '/proc/sys/net', complete: gaps.length === 0, gaps };
}

type Unread<Facts> = { readonly [Name in keyof Facts]: Facts[Name] | undefined };

/** Drops the keys that were not read, so that "absent" and "undefined" stay the same thing. */
function withoutUndefined(unread: Required<Unread<NodeSettings>>): NodeSettings {
  return Object.fromEntries(Object.entries(unread).filter(([, value]) => value !== undefined));
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
