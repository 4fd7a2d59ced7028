// A lab's wiring as data: namespaces, the veth pairs between them, addresses, routes and sysctls. build-worker.ts carries it out.
import type { AddAddressOptions } from '../kernel/route/add-address.ts';
import type { AddRouteOptions } from '../kernel/route/add-route.ts';

export interface VethPlan {
  readonly name: string;
  /** Namespace that gets the far end. */
  readonly peerOf: string;
  readonly peerName: string;
}

export interface NamespacePlan {
  readonly name: string;
  /** Set before any link exists, so that links inherit them. */
  readonly sysctls: Readonly<Record<string, string | number>>;
  readonly veths: readonly VethPlan[];
  readonly addresses: readonly AddAddressOptions[];
  readonly routes: readonly AddRouteOptions[];
  /** Set when all links exist. */
  readonly linkSysctls: Readonly<Record<string, string | number>>;
}

export type TopologyPlan = readonly NamespacePlan[];

/** Open descriptors of the namespaces, in the plan's order. */
export type BuiltTopology = readonly { readonly name: string; readonly netns: number }[];

/** The answer of the build thread. */
export type BuildAnswer =
  | { readonly ok: true; readonly built: BuiltTopology }
  | { readonly ok: false; readonly message: string };
