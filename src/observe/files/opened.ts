// What opening files comes to: inputs to be read and bundles that were, or what is wrong with them.
import type { ErrorCode } from '../../core/errors/catalogue.ts';
import type { Gap } from '../../core/model/gap.ts';
import type { Bundle, ChooseNodes, VisitNode } from '../../dumps/bundle/bundle.ts';
import type { FlowTextReader } from '../../dumps/flows/flow-text-reader.ts';
import type { DumpInput } from './dump-input.ts';

/** Stdin as it comes, or all of it: then its first bytes when it is longer. */
export type ReadStdin = (mostBytes: number) => Promise<Uint8Array> | AsyncIterable<Uint8Array>;

/** Enough to meet a line of each kind where several follow each other. */
export const HEAD_BYTES = 256 * 1024;

const WANTED = 'conntrack -L, iptables-save, nft list ruleset, ss -tulnp, sysctl -a, conntrack -S';

export interface InputOptions {
  readonly readStdin: ReadStdin;
  /** Which nodes of a bundle to read, by what the bundle is called. */
  readonly choose: (name: string) => ChooseNodes;
  /** Takes the nodes of a bundle where several are chosen. */
  readonly visit?: VisitNode | undefined;
  /** Where flows from a pipe go, whatever their number, once all else is open; without it they are kept as text. */
  readonly flowReader?: (others: readonly DumpInput[]) => FlowTextReader;
}

/** What was opened: files to read, and bundles, which are read already. */
export interface Opened {
  readonly inputs: readonly DumpInput[];
  readonly bundles: readonly NamedBundle[];
  /** Parts of archives that were passed over. */
  readonly gaps: readonly Gap[];
  /** Has the flows of pipes: they are read already. */
  readonly piped?: FlowTextReader;
}

export interface NamedBundle {
  readonly name: string;
  readonly bundle: Bundle;
}

export interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
}

export function joined(opened: readonly Opened[]): Opened {
  const piped = opened.find((each) => each.piped !== undefined)?.piped;
  return {
    inputs: opened.flatMap(({ inputs }) => inputs),
    bundles: opened.flatMap(({ bundles }) => bundles),
    gaps: opened.flatMap(({ gaps }) => gaps),
    ...(piped === undefined ? {} : { piped }),
  };
}

export function only(input: DumpInput): Opened {
  return { inputs: [input], bundles: [], gaps: [] };
}

export function unreadable(name: string, why: string): Problem {
  return { code: 'PTL_INPUT_FILE', message: `Cannot read ${name}: ${why}, wanted a file with one of: ${WANTED}` };
}

export function unknown(name: string, why: string): Problem {
  return { code: 'PTL_UNKNOWN_FILE', message: `Cannot read ${name}: ${why}, wanted one of: ${WANTED}` };
}

/** Control characters of a path must not reach a terminal. */
export function plainName(path: string): string {
  const plain = path.replaceAll(/\p{Cc}/gu, '?');
  return plain.length > 120 ? `...${plain.slice(-117)}` : plain;
}
