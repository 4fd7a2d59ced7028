// All cases of the suite, by what they are about.
import type { ConformanceCase } from './conformance-case.ts';
import { EVICTION_CASES } from './eviction-cases.ts';
import { GIVING_UP_CASES } from './giving-up-cases.ts';
import { ADDRESS_CASES } from './rule-cases/address-cases.ts';
import { KEPT_PORT_CASES } from './rule-cases/kept-port-cases.ts';
import { PORT_CLASS_CASES } from './rule-cases/port-class-cases.ts';
import { PROTOCOL_CASES } from './rule-cases/protocol-cases.ts';
import { SET_CASES } from './set-cases.ts';

export const CASE_GROUPS: readonly { readonly title: string; readonly cases: readonly ConformanceCase[] }[] = [
  { title: 'who gets which ports', cases: SET_CASES },
  { title: 'when a search gives up, and what it counts', cases: GIVING_UP_CASES },
  { title: 'what a new flow takes over', cases: EVICTION_CASES },
  { title: "what flags make of a flow's own port", cases: KEPT_PORT_CASES },
  { title: 'port classes without a range', cases: PORT_CLASS_CASES },
  { title: "addresses, parts, the node's own connections", cases: ADDRESS_CASES },
  { title: 'echo requests and IPv6', cases: PROTOCOL_CASES },
];

export const CASES: readonly ConformanceCase[] = CASE_GROUPS.flatMap(({ cases }) => cases);
