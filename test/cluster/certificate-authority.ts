// The certificate authority of one test cluster. Node signs no X.509 certificates, so the openssl program does.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateWish {
  /** As openssl writes a subject: `/O=system:masters/CN=admin`. */
  readonly subject: string;
  readonly purpose: 'clientAuth' | 'serverAuth';
  /** For servers: `IP:127.0.0.1,DNS:localhost`. */
  readonly names?: string;
}

const VALID_DAYS = 2;

export class CertificateAuthority {
  readonly #folder: string;
  readonly files: CertificateFiles;

  /** Makes a new authority; its files stand in `folder`. */
  constructor(folder: string) {
    this.#folder = folder;
    this.files = this.#request('ca', ['-subj', '/CN=portolan-test-ca'], 'critical,CA:TRUE', [
      'keyUsage=critical,keyCertSign,cRLSign',
    ]);
  }

  /** Signs a new key pair. */
  issue(name: string, wish: CertificateWish): CertificateFiles {
    const signer = ['-CA', this.files.certificate, '-CAkey', this.files.key, '-subj', wish.subject];
    return this.#request(name, signer, 'critical,CA:FALSE', [
      `extendedKeyUsage=${wish.purpose}`,
      ...(wish.names === undefined ? [] : [`subjectAltName=${wish.names}`]),
    ]);
  }

  #request(name: string, args: readonly string[], basicConstraints: string, extensions: readonly string[]) {
    const files = { certificate: join(this.#folder, `${name}.crt`), key: join(this.#folder, `${name}.key`) };
    const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', files.key];
    const additions = [`basicConstraints=${basicConstraints}`, ...extensions].flatMap((line) => ['-addext', line]);
    const output = ['-out', files.certificate, '-days', String(VALID_DAYS)];
    execFileSync('openssl', ['req', '-x509', ...newKey, ...output, ...args, ...additions], { stdio: 'pipe' });
    return files;
  }
}

/** A client certificate and its key as text. */
export function readCertificate(files: CertificateFiles): { certificate: string; key: string } {
  return { certificate: readFileSync(files.certificate, 'utf8'), key: readFileSync(files.key, 'utf8') };
}
