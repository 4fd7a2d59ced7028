// Stands between the sieve of port holders and the ledger: a flow that is shown either begins or ends.
import type { AddressTable } from '../model/address-table.ts';
import type { FlowValues } from '../model/flow-table-builder.ts';
import type { FlowSink } from '../model/port-holders.ts';
import type { PortSpaceKey } from '../model/port-space-table.ts';
import type { FlowLedger } from './flow-ledger.ts';

export class LedgerSink implements FlowSink {
  /** What became of the flows that are shown from now on. */
  isEnd = false;
  readonly #ledger: FlowLedger;

  constructor(ledger: FlowLedger) {
    this.#ledger = ledger;
  }

  get addresses(): AddressTable {
    return this.#ledger.addresses;
  }

  add(key: PortSpaceKey, flow: FlowValues): void {
    if (this.isEnd) this.#ledger.end(key, flow);
    else this.#ledger.begin(key, flow);
  }
}
