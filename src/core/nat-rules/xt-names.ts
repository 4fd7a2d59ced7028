// xtables matches and targets by name: which are known, and where a packet goes after them. The same for bytes and text.

/** Matches understood well enough to name them without a gap; they narrow, they do not choose ports. */
export const NAMED_MATCHES: ReadonlySet<string> = new Set(
  [
    'ah bpf cgroup cluster connbytes connlabel connlimit connmark cpu dccp devgroup dscp dst ecn esp',
    'eui64 frag hashlimit hbh helper hl icmp icmp6 iprange ipv6header ipvs length limit mac nfacct osf',
    'owner physdev pkttype policy quota rateest realm recent rpfilter rt sctp socket state string tcpmss',
    'time tos ttl udplite',
  ].flatMap((line) => line.split(' ')),
);

/** Targets that let the packet go on to the next rule (XT_CONTINUE). */
export const CONTINUING_TARGETS: ReadonlySet<string> = new Set(
  [
    'AUDIT CHECKSUM CLASSIFY CONNMARK CONNSECMARK DSCP ECN HL HMARK IDLETIMER LED LOG MARK NFLOG RATEEST',
    'SECMARK SET TCPMSS TCPOPTSTRIP TEE TOS TRACE TTL',
  ].flatMap((line) => line.split(' ')),
);

/** Targets that end the packet or hand it away. */
export const ENDING_TARGETS: ReadonlySet<string> = new Set([
  'REJECT',
  'SYNPROXY',
  'NFQUEUE',
  'TPROXY',
  'CLUSTERIP',
  'QUEUE',
  'DROP',
]);
