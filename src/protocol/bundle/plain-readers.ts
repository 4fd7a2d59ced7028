// What facts are made of, read from JSON that anybody may have written.
import { formatAddress, parseAddress } from '../../core/model/address.ts';
import type { Gap } from '../../core/model/gap.ts';
import type { PortClaim, PortClaimKind } from '../../core/model/port-claim.ts';
import type { PortRange } from '../../core/model/port-range.ts';
import {
  numberFrom,
  objectLike,
  oneWordOf,
  optional,
  type Reader,
  valueThat,
  wholeFrom,
  wordOf,
} from '../parse-shape.ts';

const MOST_CHARACTERS = 4096;
const MOST_COUNT = Number.MAX_SAFE_INTEGER;

/** Characters that could drive the terminal that prints them. */
const CONTROL = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu;

const anyText = valueThat<string>(
  (value) => typeof value === 'string' && value.length <= MOST_CHARACTERS,
  `text of at most ${MOST_CHARACTERS} characters`,
);

/** Names and sentences come from kernels and clusters, which allow nearly everything in them: what is no text becomes `?`. */
export const plain: Reader<string> = {
  read: (value, place) => {
    const read = anyText.read(value, place);
    return typeof read === 'string' ? read.replaceAll(CONTROL, '?') : read;
  },
};

export const count = wholeFrom(0, MOST_COUNT);
export const amount = numberFrom(0, MOST_COUNT);
export const port = wholeFrom(0, 65_535);
export const protocol = wholeFrom(0, 255);
export const zone = wholeFrom(0, 65_535);

/** Canonical text only: analysis compares addresses as text. */
export const address = valueThat<string>((value) => {
  if (typeof value !== 'string') return false;
  const bytes = parseAddress(value);
  return bytes !== undefined && formatAddress(bytes) === value;
}, 'an IP address in canonical form');

export const moment = valueThat<string>(
  (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]{5,18}(?:Z|[+-]\d\d:\d\d)$/.test(value),
  'a time in ISO 8601',
);

export const portRange: Reader<PortRange> = {
  read: (value, place) => {
    const read = objectLike<PortRange>({ first: port, last: port }).read(value, place);
    if (read.first > read.last)
      place.problems.push(
        `${place.path}: ${read.first}-${read.last}, wanted a range that does not end before it begins`,
      );
    return read;
  },
};

/** Its id may be one that a later version knows: any word passes. */
export const gap: Reader<Gap> = objectLike<Gap>({
  id: wordOf(),
  what: plain,
  why: plain,
  weakens: plain,
  remedy: optional(plain),
});

const CLAIM_KINDS = {
  listener: true,
  tunnel: true,
  dnat: true,
  untracked: true,
  'node-port': true,
  'health-check-node-port': true,
  'load-balancer-member': true,
  'host-port': true,
} as const satisfies Record<PortClaimKind, true>;

export const portClaim: Reader<PortClaim> = objectLike<PortClaim>({
  kind: oneWordOf(CLAIM_KINDS),
  protocol,
  ports: portRange,
  address: optional(plain),
  owner: plain,
  source: plain,
});
