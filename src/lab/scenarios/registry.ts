// All scenarios, from the healthy node to the strangest: what `portolan lab list` shows and the exam asks.
import type { Scenario } from '../scenario.ts';
import { confirmRace } from './confirm-race.ts';
import { dsrRewrite } from './dsr-rewrite.ts';
import { filling } from './filling.ts';
import { full } from './full.ts';
import { halfClosedLeak } from './half-closed-leak.ts';
import { healthy } from './healthy.ts';
import { hostListenerEqualsSnatPort } from './host-listener-equals-snat-port.ts';
import { manyDestinations } from './many-destinations.ts';
import { noRange } from './no-range.ts';
import { nodeportEqualsSnatPort } from './nodeport-equals-snat-port.ts';
import { nodeportSameRemoteTuple } from './nodeport-same-remote-tuple.ts';
import { paws } from './paws.ts';
import { podEphemeralPorts } from './pod-ephemeral-ports.ts';
import { rangeOnWrongProtocol } from './range-on-wrong-protocol.ts';
import { rulesInWrongOrder } from './rules-in-wrong-order.ts';
import { steady98 } from './steady-98.ts';
import { tableNearlyFull } from './table-nearly-full.ts';
import { timeWaitEvicting } from './time-wait-evicting.ts';
import { timeWaitOldKernel } from './time-wait-old-kernel.ts';
import { udpChurn } from './udp-churn.ts';
import { untrackedVxlanPort } from './untracked-vxlan-port.ts';

export const SCENARIOS: readonly Scenario[] = [
  healthy,
  filling,
  steady98,
  full,
  manyDestinations,
  timeWaitEvicting,
  timeWaitOldKernel,
  udpChurn,
  halfClosedLeak,
  confirmRace,
  tableNearlyFull,
  nodeportEqualsSnatPort,
  nodeportSameRemoteTuple,
  hostListenerEqualsSnatPort,
  untrackedVxlanPort,
  dsrRewrite,
  noRange,
  rangeOnWrongProtocol,
  rulesInWrongOrder,
  podEphemeralPorts,
  paws,
];
