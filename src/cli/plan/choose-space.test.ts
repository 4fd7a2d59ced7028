import { describe, expect, it } from 'vitest';
import { SAMPLE_DIAGNOSES } from '../../../test/golden/sample-diagnoses.ts';
import { PortolanError } from '../../core/errors/portolan-error.ts';
import { ICMP, TCP, UDP } from '../../core/model/protocol.ts';
import { chooseSpace } from './choose-space.ts';
import { DESTINATION } from './parse-destination.ts';
import type { SpaceChoice } from './plan-request.ts';

const BUSY = SAMPLE_DIAGNOSES['critical-churn'];
const WORST: SpaceChoice = { cluster: {} };

function refusal(diagnosis: typeof BUSY, choice: Partial<SpaceChoice>): PortolanError {
  try {
    chooseSpace(diagnosis, { ...WORST, ...choice });
  } catch (error) {
    if (error instanceof PortolanError) return error;
    throw error;
  }
  throw new Error('a port space was chosen');
}

/** The same rows with other protocols. */
function withProtocols(protocols: readonly number[]): typeof BUSY {
  const [row] = BUSY.portSpaces;
  if (row === undefined) throw new Error('the sample has no row');
  return {
    ...BUSY,
    portSpaces: protocols.map((protocol, index) => ({ ...row, portSpace: { ...row.portSpace, protocol, index } })),
  };
}

describe('chooseSpace', () => {
  it('takes the worst row that has ports, or the row or destination asked for', () => {
    const rows = withProtocols([ICMP, UDP, TCP]);
    const { remoteAddress, remotePort } = rows.portSpaces[0]?.portSpace ?? { remoteAddress: '', remotePort: 0 };
    const destination = DESTINATION.parse(`${remoteAddress}:${remotePort}/tcp`);
    if (destination === undefined) throw new Error(`${remoteAddress} is no destination`);
    expect(chooseSpace(rows, WORST).portSpace.protocol).toBe(UDP);
    expect(chooseSpace(rows, { ...WORST, space: 3 }).portSpace.protocol).toBe(TCP);
    expect(chooseSpace(rows, { ...WORST, destination }).portSpace.protocol).toBe(TCP);
  });

  it('says what there is instead', () => {
    const destination = DESTINATION.parse('192.0.2.77:1');
    if (destination === undefined) throw new Error('no destination');
    expect(refusal(BUSY, { space: 99 })).toMatchObject({
      code: 'PTL_NO_LOAD',
      message: `Cannot plan: row 99 given, wanted 1 to ${BUSY.portSpaces.length}`,
    });
    expect(refusal(BUSY, { destination }).message).toMatch(
      /^Cannot plan: tcp 192\.0\.2\.77:1 given, and no port space of this node goes there, wanted one of tcp /,
    );
    expect(refusal(withProtocols([ICMP]), {}).message).toMatch(
      /^Cannot plan: no TCP or UDP port is in use, wanted one of icmp /,
    );
    expect(refusal({ ...BUSY, portSpaces: [] }, {}).message).toMatch(/no SNAT port is in use on this node right now/);
  });

  it('where nothing could be seen, nothing is said to be idle', () => {
    const gap = { id: 'flows', what: 'conntrack entries', why: 'EPERM', weakens: 'all' } as const;
    const refused = refusal({ ...BUSY, portSpaces: [], gaps: [{ ...gap, remedy: 'sudo portolan diagnose' }] }, {});
    expect(refused).toMatchObject({ code: 'PTL_CANNOT_MEASURE' });
    expect(refused.hint).toMatch(/^sudo portolan plan, or plan from figures: /);
  });
});
