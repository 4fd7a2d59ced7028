// Figures as they were typed, made into what the planner takes.
import type { PlainFigures } from '../../core/advice/situation.ts';
import { TIME_WAIT_SECONDS } from '../../core/advice/situation-of-figures.ts';
import type { PortClaim } from '../../core/model/port-claim.ts';
import type { PortRange } from '../../core/model/port-range.ts';
import { TCP, UDP } from '../../core/model/protocol.ts';
import type { ClusterFigures, FiguresSource, LoadFigures } from './plan-request.ts';

export function plainFigures({ destination, load, cluster }: FiguresSource): PlainFigures {
  const { protocol, remoteAddress, remotePort } = destination;
  return {
    protocol,
    remoteAddress,
    remotePort,
    ...holdFigures(load, protocol),
    ...loadFigures(load),
    ...clusterFigures(cluster),
  };
}

/** A TCP port is held while the connection is open and for TIME_WAIT after it; a UDP port is never closing. */
function holdFigures({ holdSeconds, liveSeconds }: LoadFigures, protocol: number) {
  const closing = protocol === TCP ? TIME_WAIT_SECONDS : 0;
  const hold = holdSeconds ?? (liveSeconds === undefined ? undefined : liveSeconds + closing);
  return {
    ...(hold === undefined ? {} : { holdSeconds: hold }),
    ...(hold === undefined || liveSeconds === undefined ? {} : { liveShare: liveSeconds / hold }),
  };
}

function loadFigures({ perSecond, connections, range, addresses, behaviour }: LoadFigures) {
  return {
    ...(perSecond === undefined ? {} : { perSecond }),
    ...(connections === undefined ? {} : { flows: connections }),
    ...(range === undefined ? {} : { ranges: [range] }),
    ...(addresses === undefined ? {} : { addresses }),
    ...(behaviour === undefined ? {} : { behaviour }),
  };
}

/** What may be said of the cluster with either source. */
export function clusterFigures({ podCidr, skipPorts, ...same }: ClusterFigures) {
  return {
    ...same,
    ...(podCidr === undefined ? {} : { podCidrs: [podCidr] }),
    ...(skipPorts === undefined ? {} : { claims: skipPorts.flatMap(claimsOf) }),
  };
}

/** Ports that somebody wants left alone; for whom is not known, so for both protocols. */
export function claimsOf(ports: PortRange): PortClaim[] {
  return [TCP, UDP].map((protocol) => ({
    kind: 'host-port',
    protocol,
    ports,
    owner: 'unknown',
    source: '--skip-ports',
  }));
}
