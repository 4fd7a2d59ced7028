// Which port space of a diagnosed node is planned for; that there is none is said with what there is instead.
import type { Diagnosis, PortSpaceVerdict } from '../../core/analysis/diagnosis.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { formatPortSpace, type PortSpace } from '../../core/model/port-space.ts';
import { protocolName, TCP, UDP } from '../../core/model/protocol.ts';
import type { Destination } from './parse-destination.ts';
import type { SpaceChoice } from './plan-request.ts';

const SHOWN = 3;
const FIGURES = 'or plan from figures: portolan plan --destination 203.0.113.9:443 --rate 300/s --hold 122s';

/** Undefined where none fits. */
export function findSpace(
  diagnosis: Diagnosis,
  { space, destination }: Pick<SpaceChoice, 'space' | 'destination'>,
): PortSpaceVerdict | undefined {
  return lookUp(diagnosis, { space, destination });
}

/** Errors: PTL_CANNOT_MEASURE where no flow could be seen, PTL_NO_LOAD where none fits. */
export function chooseSpace(diagnosis: Diagnosis, { space, destination }: SpaceChoice): PortSpaceVerdict {
  const found = lookUp(diagnosis, { space, destination });
  if (found !== undefined) return found;
  const unseen = diagnosis.gaps.find(({ id }) => id === 'flows' || id === 'conntrack-absent');
  if (unseen !== undefined)
    throw new PortolanError(
      'PTL_CANNOT_MEASURE',
      `Cannot plan: ${unseen.what} (${unseen.why}), wanted the flows of this node`,
      {
        hint: `${unseen.remedy?.replace('diagnose', 'plan') ?? 'portolan diagnose'}, ${FIGURES}`,
      },
    );
  throw new PortolanError('PTL_NO_LOAD', `Cannot plan: ${whatIsMissing(diagnosis, { space, destination })}`, {
    hint: `portolan diagnose, ${FIGURES}`,
  });
}

interface Wanted {
  readonly space: number | undefined;
  readonly destination: Destination | undefined;
}

/** The rows are worst first; several spaces of one destination differ by the address that is left with. */
function lookUp({ portSpaces }: Diagnosis, { space, destination }: Wanted): PortSpaceVerdict | undefined {
  if (space !== undefined) return portSpaces[space - 1];
  if (destination === undefined) return portSpaces.find(({ portSpace }) => hasPorts(portSpace));
  return portSpaces.find(({ portSpace }) => goesTo(portSpace, destination));
}

/** Identifiers of ICMP echoes are not planned for. */
function hasPorts({ protocol }: PortSpace): boolean {
  return protocol === TCP || protocol === UDP;
}

function goesTo(space: PortSpace, { protocol, remoteAddress, remotePort }: Destination): boolean {
  return space.protocol === protocol && space.remoteAddress === remoteAddress && space.remotePort === remotePort;
}

function whatIsMissing({ portSpaces }: Diagnosis, { space, destination }: Wanted): string {
  if (portSpaces.length === 0) return 'no SNAT port is in use on this node right now, wanted connections to plan for';
  if (space !== undefined) return `row ${space} given, wanted 1 to ${portSpaces.length}`;
  const shown = portSpaces
    .slice(0, SHOWN)
    .map(({ portSpace }) => formatPortSpace(portSpace, protocolName(portSpace.protocol)));
  const rest = portSpaces.length - shown.length;
  const wanted = `wanted one of ${shown.join(', ')}${rest === 0 ? '' : ` and ${rest} more`}`;
  if (destination === undefined) return `no TCP or UDP port is in use, ${wanted}`;
  const name = `${protocolName(destination.protocol)} ${destination.remoteAddress}:${destination.remotePort}`;
  return `${name} given, and no port space of this node goes there, ${wanted}`;
}
