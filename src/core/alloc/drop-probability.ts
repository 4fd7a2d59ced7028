// The chance that the next flow to one port space finds no port, exact for the occupancy given.
import { TCP } from '../model/protocol.ts';
import { evictingSearchDrop } from './evicting-search.ts';
import { fullScanDrop } from './full-scan.ts';
import type { PortSearch } from './port-search.ts';
import { windowSearchDrop } from './window-search.ts';

/**
 * Chance that the next SYN or datagram is dropped because its port search fails, 0..1.
 *
 * Exact for a rule that always searches (random-fully, as Calico and kube-proxy write it). An `unknown` answer counts as the
 * common one: windows (every kernel since 5.0) and no eviction, which never makes the result smaller than it is.
 */
export function dropProbability(search: PortSearch): number {
  if (search.behaviour.search === 'full-scan') return fullScanDrop(search.occupied, search.range);
  if (search.protocol === TCP && search.behaviour.evictsClosing === 'yes') {
    return evictingSearchDrop(search);
  }
  return windowSearchDrop(search.occupied, search.range);
}
