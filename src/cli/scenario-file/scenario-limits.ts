// How large a scenario may be: what a person could still wait for and a laptop could still hold.

/** Bytes of a scenario file. */
export const MOST_FILE_BYTES = 256 * 1024;
export const MOST_NODES = 5000;
export const MOST_DESTINATIONS = 1000;
export const MOST_WORKLOADS = 1000;
export const MOST_EVENTS = 1000;
export const MOST_PODS = 1_000_000;
export const MOST_ADDRESSES = 64;
/** Each sample is a point of every series. */
export const MOST_SAMPLES = 5000;
/** Connections a second of one workload. */
export const MOST_PER_SECOND = 1_000_000;
/** Connections of the whole run. */
export const MOST_FLOWS = 500_000_000;
/** Connections that exist at one instant. */
export const MOST_HELD_FLOWS = 20_000_000;
/** Nodes times SNAT addresses times destinations: each keeps a map of its ports. */
export const MOST_PORT_SPACES = 5000;
/** nf_conntrack_max. */
export const MOST_ENTRIES = 100_000_000;
export const LONGEST_STORY = 2000;
export const LARGEST_SEED = 4_294_967_295;
