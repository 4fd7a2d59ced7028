// Reads every NAT rule of one network namespace: nf_tables over netlink (native and iptables-nft), iptables-legacy by
// getsockopt. Nothing is executed, nothing is loaded into the kernel for it.
import type { Gap } from '../../core/model/gap.ts';
import type { NatRules } from '../../core/model/nat-rule.ts';
import type { Reading } from '../../core/model/reading.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { NETLINK_NETFILTER, NetlinkSocket } from '../netlink/netlink-socket.ts';
import { ipsetNames } from './ipset-name.ts';
import type { RuleTable } from '../../core/nat-rules/kernel-rule.ts';
import { readLegacyBlobs } from './legacy-socket.ts';
import { decodeLegacyTable } from './legacy-table.ts';
import { natRulesOf } from '../../core/nat-rules/nat-rules-of.ts';
import { localAddresses } from './local-addresses.ts';
import { readNfTables } from './nf-tables-ruleset.ts';
import { socketSource } from './nf-tables-source.ts';
import { legacyGap, rulesGap } from '../../core/nat-rules/rule-gap.ts';
import type { IpsetNames } from './xt-extension.ts';

/** A ruleset that changes while it is read is read again, this often. */
const ATTEMPTS = 3;

/**
 * Reads the NAT rules of the calling thread's network namespace.
 * @returns all source-NAT rules in evaluation order (`order` is comparable between any two), and the node ports that
 * DNAT and NOTRACK rules claim; without rights an incomplete reading with the gap `nat-rules`.
 */
export function readNatRules(): Reading<NatRules> {
  const socket = openSocket();
  if (socket instanceof PortolanError)
    return {
      ...rulesOf(
        legacyTables(() => undefined),
        [rulesGap(socket.message)],
      ),
    };
  try {
    return read(socket);
  } finally {
    socket.close();
  }
}

interface Tables {
  readonly tables: readonly RuleTable[];
  readonly gaps: readonly Gap[];
}

function read(socket: NetlinkSocket): Reading<NatRules> {
  const ipsets = ipsetNames(socket);
  for (let attempt = 1; ; attempt += 1) {
    const nfTables = nfTablesOf(socket, ipsets);
    if (nfTables.changed && attempt < ATTEMPTS) continue;
    return rulesOf(legacyTables(ipsets), nfTables.gaps, nfTables.tables);
  }
}

function nfTablesOf(socket: NetlinkSocket, ipsets: IpsetNames): Tables & { readonly changed: boolean } {
  try {
    const { tables, changed } = readNfTables(socketSource(socket), ipsets);
    return { tables, changed, gaps: changed ? [rulesGap('the ruleset kept changing while it was read')] : [] };
  } catch (error) {
    if (!(error instanceof PortolanError)) throw error;
    return { tables: [], changed: false, gaps: [rulesGap(whyRefused(error))] };
  }
}

function legacyTables(ipsets: IpsetNames): Tables {
  const { blobs, refusals } = readLegacyBlobs();
  return {
    tables: blobs.map((blob) => decodeLegacyTable(blob, ipsets)),
    gaps: refusals.length === 0 ? [] : [legacyGap(refusals.join('; '))],
  };
}

function rulesOf(legacy: Tables, otherGaps: readonly Gap[], nfTables: readonly RuleTable[] = []): Reading<NatRules> {
  const { value, gaps: ruleGaps } = natRulesOf([...nfTables, ...legacy.tables], localAddresses());
  const gaps = [...otherGaps, ...legacy.gaps, ...ruleGaps];
  return { value, source: 'nf_tables netlink, iptables-legacy getsockopt', complete: gaps.length === 0, gaps };
}

/** EPERM is a missing right; anything else is what a kernel without nf_tables or nfnetlink answers. */
function whyRefused(error: PortolanError): string {
  const name = error.facts['errnoName'] ?? 'no answer';
  return name === 'EPERM' ? 'EPERM: needs CAP_NET_ADMIN' : `${name}: this kernel may lack nf_tables`;
}

function openSocket(): NetlinkSocket | PortolanError {
  try {
    return new NetlinkSocket(NETLINK_NETFILTER);
  } catch (error) {
    if (error instanceof PortolanError) return error;
    throw error;
  }
}
