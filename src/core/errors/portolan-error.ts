// The base of all operational errors: a code from the catalogue, what failed, and what to do.
import type { ErrorCode } from './catalogue.ts';

export interface ErrorDetails {
  /** A command or a docs page. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** Numbers and names a program may want; JSON-serialisable. */
  readonly facts?: Readonly<Record<string, string | number>>;
}

/** An operational error. Bugs throw built-in errors instead; missing visibility is a Gap. */
export class PortolanError extends Error {
  override readonly name = 'PortolanError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly facts: Readonly<Record<string, string | number>>;

  /** `message` has the form "Cannot <action>: <given>, wanted <what>". */
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? {} : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
    this.facts = details.facts ?? {};
  }
}
