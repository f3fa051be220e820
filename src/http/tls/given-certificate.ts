import type { SecureContext } from 'node:tls';
import { detached, unthinkable } from '../../env/detached.ts';
import type { Env } from '../../env/env.ts';
import type { Identity } from '../../env/network.ts';
import { StartError } from '../../env/start-error.ts';
import { readUserFile } from '../../env/user-file.ts';
import { contextOf, faultOf, type KeyPair } from './key-pair.ts';

/** Paths of PEM files. */
type CertificateFiles = { readonly certificate: string; readonly key: string };

/**
 * The user's certificate, read again when the files change: they are looked at now and then, because what
 * renews a certificate does not always know which process to signal, and replaces links or whole directories,
 * which no watch outlives.
 */
export class GivenCertificate {
  readonly #files: CertificateFiles;
  readonly #world: World;
  readonly #closed = new AbortController();
  #context: SecureContext;
  #pair: KeyPair;
  /** What was read last, good or bad. */
  #read: string;

  /** Rejects with `StartError` when the files are of no use. */
  static async open(files: CertificateFiles, world: World): Promise<GivenCertificate> {
    try {
      return new GivenCertificate(files, await read(files), world);
    } catch (error) {
      throw new StartError(`cannot use ${files.certificate} with ${files.key}: ${messageOf(error)}`, {
        cause: error,
      });
    }
  }

  constructor(files: CertificateFiles, pair: KeyPair, world: World) {
    this.#files = files;
    this.#world = world;
    this.#context = usable(pair);
    this.#pair = pair;
    this.#read = textOf(pair);
    detached(this.#watch(), unthinkable);
  }

  readonly identity: Identity = async () => this.#context;

  readonly pair = async (): Promise<KeyPair> => this.#pair;

  close(): void {
    this.#closed.abort();
  }

  async #watch(): Promise<void> {
    const { signal } = this.#closed;
    for (;;) {
      await this.#world.clock.sleep(lookMs, signal);
      if (signal.aborted) return;
      await this.look();
    }
  }

  /** Takes over what is new and good. What is new and bad is logged once, and the old certificate stays. */
  async look(): Promise<void> {
    let found: string | undefined;
    try {
      const pair = await read(this.#files);
      found = textOf(pair);
      if (found === this.#read) return;
      this.#context = usable(pair);
      this.#pair = pair;
      this.#world.logger.info('the certificate was replaced', { certificate: this.#files.certificate });
    } catch (error) {
      found ??= messageOf(error);
      if (found === this.#read) return;
      this.#world.logger.error('the new certificate is of no use, the old one stays', { error });
    }
    this.#read = found;
  }
}

type World = Pick<Env, 'clock' | 'logger'>;

const lookMs = 5_000;

async function read({ certificate, key }: CertificateFiles): Promise<KeyPair> {
  return { certificate: String(await readUserFile(certificate)), key: String(await readUserFile(key)) };
}

function usable(pair: KeyPair): SecureContext {
  const fault = faultOf(pair);
  if (fault !== undefined) throw new Error(fault);
  return contextOf(pair);
}

function textOf({ certificate, key }: KeyPair): string {
  return certificate + key;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
