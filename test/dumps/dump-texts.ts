// Which command prints which text of the corpus test/corpora/dump-texts, by the file's name.

/** Sockets of a child that lives as long as the tools need to print them. */
const WITH_SOCKETS = `"${process.execPath}" -e '
  require("node:net").createServer().listen(10250, "127.0.0.1");
  require("node:net").createServer().listen(30080, "::");
  require("node:dgram").createSocket("udp4").bind(5353, "192.0.2.10");
  setTimeout(() => process.exit(), 5000);' & child=$!; sleep 1;`;
const DONE = '; kill $child';

/** The sets of a node of Calico with two pools, one of which is not masqueraded, and sets that no NAT rule tests. */
const WITH_SETS = `ipset restore -exist <<END
create cali40masq-ipam-pools hash:net family inet
add cali40masq-ipam-pools 10.244.0.0/16
create cali40all-ipam-pools hash:net family inet
add cali40all-ipam-pools 10.244.0.0/16
add cali40all-ipam-pools 10.245.0.0/17
create cali60masq-ipam-pools hash:net family inet6
add cali60masq-ipam-pools fd00:10:244::/48
create holes hash:net family inet
add holes 198.51.100.0/24
add holes 198.51.100.128/25 nomatch
create ports hash:ip,port family inet
add ports 192.0.2.1,tcp:80
create none hash:net family inet
END
`;

export const DUMP_TEXTS: Readonly<Record<string, string>> = {
  'nft-text': 'nft list ruleset',
  'nft-text-handles': 'nft -n -a list ruleset',
  'nft-json': 'nft -j list ruleset',
  'iptables-save': 'iptables-nft-save -c',
  ss: `${WITH_SOCKETS} ss -tulnp${DONE}`,
  'proc-sockets': `${WITH_SOCKETS} cat /proc/net/tcp /proc/net/tcp6 /proc/net/udp /proc/net/udp6${DONE}`,
  sysctl: 'sysctl -a 2>/dev/null | grep -E "^(net.netfilter|net.ipv4.ip_local|kernel.(hostname|osrelease))"',
  counters: 'date; conntrack -S; sleep 1; date; conntrack -S',
  'counters-file': 'date +%s; cat /proc/net/stat/nf_conntrack; sleep 1; date +%s; cat /proc/net/stat/nf_conntrack',
  'ip-addr': 'ip addr',
  'ipset-list': `${WITH_SETS} ipset list`,
  'ipset-save': `${WITH_SETS} ipset save`,
};
