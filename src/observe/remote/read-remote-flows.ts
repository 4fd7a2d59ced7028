// The conntrack table of a node by its own programs, straight from the stream into columns: no text and no file is kept.
import type { Gap } from '../../core/model/gap.ts';
import { FlowTextReader } from '../../dumps/flows/flow-text-reader.ts';
import type { FlowTable } from '../../core/model/flow-table.ts';
import type { CommandEnd, NodeCommands } from './node-commands.ts';
import { cutFlows, HOST_FLOWS_UNSEEN, noFlows, noIpv6Flows } from './remote-gaps.ts';

export interface RemoteFlows {
  readonly table: FlowTable;
  readonly wasRead: boolean;
  readonly gaps: readonly Gap[];
}

export interface RemoteFlowsOptions {
  /** The node's own, where known: flows that others open to it, and its own, hold ports too. */
  readonly localAddresses: readonly string[] | undefined;
  readonly snatOnly: boolean;
}

/**
 * All entries by default: flows of the node itself and those opened towards it hold ports like SNATed ones. `conntrack` asks
 * the kernel by netlink and tells ids, so that entries sent twice are known; each family alone, because before version 1.4.7
 * it lists IPv4 only where none is named. /proc/net/nf_conntrack, which not every kernel has, where it cannot.
 */
export async function readRemoteFlows(commands: NodeCommands, options: RemoteFlowsOptions): Promise<RemoteFlows> {
  const { localAddresses, snatOnly } = options;
  const reader = new FlowTextReader(localAddresses === undefined ? {} : { localAddresses });
  const list = (family: string): Promise<CommandEnd> => listInto(reader, { commands, family, snatOnly });
  const ipv4 = await list('ipv4');
  const ends = ipv4.ok ? [ipv4, await list('ipv6')] : [ipv4];
  const proc = ipv4.ok
    ? undefined
    : await commands.stream(['cat', '/proc/net/nf_conntrack'], (chunk) => reader.write(chunk));
  const { value: table, gaps, seen } = reader.end();
  const read = seen.listed > 0 || ipv4.ok || proc?.ok === true;
  const failed = proc ?? ends.find(({ ok }) => !ok);
  const why = failed === undefined || failed.ok ? undefined : failed.why;
  if (!read) return { table, wasRead: false, gaps: [noFlows(whyNone(ipv4, why))] };
  return {
    table,
    wasRead: true,
    gaps: [
      ...gaps.filter(({ id }) => id !== 'flows'),
      ...(why === undefined ? [] : [ipv4.ok ? noIpv6Flows(why) : cutFlows(why)]),
      ...(proc?.ok === true && proc.mayBeCut ? [cutFlows('nothing tells whether all of the file came')] : []),
      ...(snatOnly ? [HOST_FLOWS_UNSEEN] : []),
    ],
  };
}

interface Listing {
  readonly commands: NodeCommands;
  readonly family: string;
  readonly snatOnly: boolean;
}

/** Its closing notice, "N flow entries have been shown.", goes to stderr: it tells whether the stream lost some. */
async function listInto(reader: FlowTextReader, { commands, family, snatOnly }: Listing): Promise<CommandEnd> {
  const selection = snatOnly ? ['--src-nat'] : [];
  const command = ['conntrack', '-L', '-f', family, ...selection, '-o', 'id'];
  const end = await commands.stream(command, (chunk) => reader.write(chunk));
  if (end.ok && /entries have been shown/.test(end.stderr)) reader.write(new TextEncoder().encode(`${end.stderr}\n`));
  return end;
}

function whyNone(conntrack: CommandEnd, proc: string | undefined): string {
  const first = conntrack.ok ? '' : conntrack.why;
  return proc === undefined || proc === first ? first : `${first}; ${proc}`;
}
