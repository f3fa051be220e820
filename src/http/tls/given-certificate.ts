import type { SecureContext } from 'node:tls';
import type { Identity } from '../../env/network.ts';
import { StartError } from '../../env/start-error.ts';
import { readUserFile } from '../../env/user-file.ts';
import { contextOf, faultOf, type KeyPair } from './key-pair.ts';
import { messageOf, WatchedFiles, type WatchWorld } from './watched-files.ts';

/** Paths of PEM files. */
type CertificateFiles = { readonly certificate: string; readonly key: string };

/** The user's certificate, read again when the files change. */
export class GivenCertificate {
  readonly #watched: WatchedFiles<KeyPair>;
  #context: SecureContext;
  #pair: KeyPair;

  /** Rejects with `StartError` when the files are of no use. */
  static async open(files: CertificateFiles, world: WatchWorld): Promise<GivenCertificate> {
    try {
      return new GivenCertificate(files, await read(files), world);
    } catch (error) {
      throw new StartError(`cannot use ${files.certificate} with ${files.key}: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  constructor(files: CertificateFiles, pair: KeyPair, world: WatchWorld) {
    this.#context = usable(pair);
    this.#pair = pair;
    const source = {
      read: () => read(files),
      textOf: ({ certificate, key }: KeyPair) => certificate + key,
      take: (found: KeyPair) => {
        this.#context = usable(found);
        this.#pair = found;
      },
      replaced: 'the certificate was replaced',
      useless: 'the new certificate is of no use, the old one stays',
      fields: { certificate: files.certificate },
    };
    this.#watched = new WatchedFiles(source, pair, world);
  }

  readonly identity: Identity = async () => this.#context;

  readonly pair = async (): Promise<KeyPair> => this.#pair;

  close(): void {
    this.#watched.close();
  }

  /** Looks at the files now. */
  look(): Promise<void> {
    return this.#watched.look();
  }
}

async function read({ certificate, key }: CertificateFiles): Promise<KeyPair> {
  return { certificate: String(await readUserFile(certificate)), key: String(await readUserFile(key)) };
}

function usable(pair: KeyPair): SecureContext {
  const fault = faultOf(pair);
  if (fault !== undefined) throw new Error(fault);
  return contextOf(pair);
}
