// The table every reader is measured on: 70 % SNATed flows, most of them on few busy destinations, the rest pod to pod and DNS.
// Every tuple is unique and follows from its index, so a table of any size is the same each time.

/** One conntrack entry to insert; addresses as 32-bit numbers. */
export interface MixFlow {
  readonly protocol: 6 | 17;
  readonly source: number;
  readonly sourcePort: number;
  readonly destination: number;
  readonly destinationPort: number;
  /** Port on the node's address; undefined for a flow that is not SNATed. */
  readonly snatPort?: number;
  /** Two hours when absent. */
  readonly timeoutSeconds?: number;
  /** Of TCP; ESTABLISHED when absent. */
  readonly tcpState?: number;
}

/** 192.0.2.10 */
export const NODE_ADDRESS = 0xc000020a;

const PODS = 110;
const POD_NETWORK = 0x0af40000;
const SERVERS = 0xcb007100;
const FLOWS_PER_BUSY_DESTINATION = 28_000;
const TAIL_DESTINATIONS = 500;
const FIRST_PORT = 32_768;
const FIRST_POD_PORT = 20_000;

/** The flows of a table of `entries`. */
export function* flowMix(entries: number): Generator<MixFlow> {
  const snat = Math.floor(entries * 0.7);
  const busy = Math.floor(snat * 0.88);
  const destinations = Math.max(1, Math.ceil(busy / FLOWS_PER_BUSY_DESTINATION));
  for (let index = 0; index < busy; index += 1) {
    yield snatFlow(SERVERS + (index % destinations), Math.floor(index / destinations));
  }
  for (let index = busy; index < snat; index += 1) {
    const rank = index - busy;
    yield snatFlow(SERVERS + 0x1000 + (rank % TAIL_DESTINATIONS), Math.floor(rank / TAIL_DESTINATIONS));
  }
  for (let index = snat; index < entries; index += 1) {
    yield index % 2 === 0 ? podToPod((index - snat) >> 1) : dnsQuery((index - snat) >> 1);
  }
}

function snatFlow(destination: number, rank: number): MixFlow {
  return {
    protocol: 6,
    source: POD_NETWORK + 2 + (rank % PODS),
    sourcePort: FIRST_POD_PORT + Math.floor(rank / PODS),
    destination,
    destinationPort: 443,
    snatPort: FIRST_PORT + rank,
  };
}

function podToPod(rank: number): MixFlow {
  const from = rank % PODS;
  const step = Math.floor(rank / PODS) % (PODS - 1);
  return {
    protocol: 6,
    source: POD_NETWORK + 2 + from,
    sourcePort: FIRST_POD_PORT + Math.floor(rank / (PODS * (PODS - 1))),
    destination: POD_NETWORK + 2 + ((from + 1 + step) % PODS),
    destinationPort: 8080,
  };
}

function dnsQuery(rank: number): MixFlow {
  return {
    protocol: 17,
    source: POD_NETWORK + 2 + (rank % PODS),
    sourcePort: 1024 + Math.floor(rank / PODS),
    destination: POD_NETWORK + 0x0102,
    destinationPort: 53,
  };
}
