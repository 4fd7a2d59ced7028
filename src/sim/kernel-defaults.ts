// Timeouts and limits that no scenario sets: the kernel's defaults, the same from 5.10 to 7.3 (nf_conntrack_proto_tcp.c, _udp.c).

/** nf_conntrack_tcp_timeout_syn_sent; not renewed by further SYNs of the same connect. */
export const SYN_SENT_SECONDS = 120;

/** nf_conntrack_tcp_timeout_established. */
export const ESTABLISHED_SECONDS = 432_000;

/** nf_conntrack_tcp_timeout_close_wait. */
export const CLOSE_WAIT_SECONDS = 60;

/** nf_conntrack_udp_timeout_stream. */
export const UDP_STREAM_SECONDS = 120;

/** An answered exchange becomes a stream with the first packet so long after it began (nf_conntrack_udp_packet). */
export const STREAM_AFTER_SECONDS = 2;

/** net.ipv4.ip_local_port_range of a pod. */
export const FIRST_SOURCE_PORT = 32_768;
export const LAST_SOURCE_PORT = 60_999;
export const SOURCE_PORTS = LAST_SOURCE_PORT - FIRST_SOURCE_PORT + 1;
