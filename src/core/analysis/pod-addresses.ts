// Which pod an address of a flow table belongs to: each row of the table looked up once.
import { parseAddress } from '../model/address.ts';
import type { FlowTable } from '../model/flow-table.ts';
import { holderKey, type Holder } from '../model/holder.ts';
import type { NodeFacts } from '../model/node-facts.ts';
import type { Pod } from '../model/pod.ts';
import { matchNetwork } from './match-network.ts';

/** An address and whose it is. */
export interface AddressOwner {
  readonly holder: Holder;
  readonly key: string;
  readonly pod?: Pod;
  /** How long the pod has been running at the time of the facts; undefined when not known. */
  readonly podSeconds?: number;
}

const HOST: AddressOwner = { holder: { kind: 'host' }, key: 'host' };
const GONE: AddressOwner = { holder: { kind: 'gone' }, key: 'gone' };
const STRANGER: AddressOwner = { holder: { kind: 'stranger' }, key: 'stranger' };

export class PodAddresses {
  readonly #flows: FlowTable;
  readonly #facts: NodeFacts;
  readonly #owners = new Map<string, AddressOwner>();
  readonly #byRow: (AddressOwner | undefined)[];

  constructor(facts: NodeFacts, pods: readonly Pod[]) {
    this.#facts = facts;
    this.#flows = facts.flows;
    this.#byRow = Array.from({ length: facts.flows.addressCount });
    for (const address of facts.addresses) this.#owners.set(address, HOST);
    for (const pod of pods) if (!pod.isHostNetwork) this.#add(pod);
  }

  /** Whose the address in a row of the table is. */
  of(row: number): AddressOwner {
    const known = this.#byRow[row];
    if (known !== undefined) return known;
    const address = this.#flows.address(row);
    const owner = this.#owners.get(address) ?? this.#ownerless(address);
    this.#byRow[row] = owner;
    return owner;
  }

  /** Of a flow in a row that no pod of today can have opened. */
  get gone(): AddressOwner {
    return GONE;
  }

  #add(pod: Pod): void {
    const holder: Holder = { kind: 'workload', workload: pod.workload };
    const seconds = (Date.parse(this.#facts.at) - Date.parse(pod.startedAt ?? '')) / 1000;
    const age = Number.isFinite(seconds) ? { podSeconds: Math.max(0, seconds) } : {};
    for (const address of pod.addresses) this.#owners.set(address, { holder, key: holderKey(holder), pod, ...age });
  }

  #ownerless(address: string): AddressOwner {
    const bytes = parseAddress(address);
    const networks = this.#facts.podNetworks ?? [];
    return bytes !== undefined && networks.some((network) => matchNetwork(bytes, network) === true) ? GONE : STRANGER;
  }
}
