// The certificate of the agent and its key, read again while it runs: whoever renews them (cert-manager, and then the kubelet in the
// volume of the Secret) restarts nobody. A pair that does not work is never used in place of one that does.
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { PortolanError } from '../../core/errors/portolan-error.ts';

/** PEM. */
export interface TlsPair {
  readonly cert: string;
  readonly key: string;
}

/** By their contents: a Secret's volume is changed by moving a link, which no watch on a file sees. */
const LOOK_MILLISECONDS = 10_000;

export interface TlsFilesOptions {
  /** Paths of PEM files. */
  readonly paths: TlsPair;
  readonly use: (pair: TlsPair) => void;
  /** A line for whoever runs the agent. */
  readonly say: (text: string) => void;
}

export class TlsFiles {
  readonly #options: TlsFilesOptions;
  #used: TlsPair;
  /** What was wrong at the last look, and whether that was said. */
  #trouble: { readonly why: string; readonly isSaid: boolean } | undefined;

  /** `used`: what `readTlsFiles` gave. */
  constructor(options: TlsFilesOptions, used: TlsPair) {
    this.#options = options;
    this.#used = used;
  }

  /** Looks until the signal is aborted. */
  async run(sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await sleep(LOOK_MILLISECONDS, signal).catch(() => undefined);
      if (!signal.aborted) this.look();
    }
  }

  look(): void {
    const { paths, use, say } = this.#options;
    try {
      const pair = readTlsFiles(paths);
      this.#trouble = undefined;
      if (pair.cert === this.#used.cert && pair.key === this.#used.key) return;
      use(pair);
      this.#used = pair;
      say(`Using the new certificate of ${paths.cert}`);
    } catch (error) {
      if (!(error instanceof PortolanError)) throw error;
      this.#keep(error.message);
    }
  }

  /** Files that are written one after the other do not fit each other for a moment: said when it lasts. */
  #keep(why: string): void {
    const isSame = this.#trouble?.why === why;
    const wasSaid = isSame && this.#trouble?.isSaid === true;
    if (isSame && !wasSaid) this.#options.say(`${why}; the certificate that was read before stays in use`);
    this.#trouble = { why, isSaid: isSame };
  }
}

/** Errors: PTL_INPUT_FILE for a file that cannot be read, and for a pair that is none. */
export function readTlsFiles(paths: TlsPair): TlsPair {
  const pair = { cert: readPem('--tls-cert', paths.cert), key: readPem('--tls-key', paths.key) };
  try {
    check(pair);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const given = `--tls-cert ${paths.cert} and --tls-key ${paths.key}`;
    const message = `Cannot use ${given}: ${why}, wanted a certificate and its key as PEM`;
    throw new PortolanError('PTL_INPUT_FILE', message, { cause });
  }
  return pair;
}

/** A context takes an empty text for none at all. Throws what is wrong. */
function check({ cert, key }: TlsPair): void {
  const isFitting = new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  if (!isFitting) throw new Error('key values mismatch');
  createSecureContext({ cert, key });
}

function readPem(flag: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const message = `Cannot read ${flag} ${path}: not readable, wanted a PEM file`;
    throw new PortolanError('PTL_INPUT_FILE', message, { cause });
  }
}
