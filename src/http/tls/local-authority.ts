import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { Millis } from '../../env/clock.ts';
import type { Env } from '../../env/env.ts';
import type { Identity } from '../../env/network.ts';
import type { Validity } from './certificate.ts';
import { contextOf, type KeyPair } from './key-pair.ts';
import type { KeyPairStore } from './key-pair-store.ts';

/**
 * A certificate authority for one server, for clients that are told to trust it. It is made when it is first
 * needed, kept, and renews the server's certificate before it expires and when the names change.
 */
export class LocalAuthority {
  readonly #names: readonly string[];
  readonly #store: KeyPairStore;
  readonly #world: World;
  #issued: Promise<Issued> | undefined;
  #renewAt: Millis = Number.NEGATIVE_INFINITY;

  /** `names` are the server's host names and addresses. */
  constructor(names: readonly string[], store: KeyPairStore, world: World) {
    this.#names = names;
    this.#store = store;
    this.#world = world;
  }

  /** Shows the server's certificate. */
  readonly identity: Identity = async () => (await this.#current()).context;

  readonly pair = async (): Promise<KeyPair> => (await this.#current()).server;

  /** The authority's own certificate, PEM: what a client has to trust. */
  async certificate(): Promise<string> {
    return (await this.#current()).authority;
  }

  /** What is issued; issued again when it is time, once for all callers meanwhile. */
  #current(): Promise<Issued> {
    if (this.#issued === undefined || this.#world.clock.now() >= this.#renewAt) {
      this.#renewAt = Number.POSITIVE_INFINITY;
      this.#issued = this.#issue().catch((error: unknown) => {
        this.#issued = undefined;
        throw error;
      });
    }
    return this.#issued;
  }

  async #issue(): Promise<Issued> {
    const now = this.#world.clock.now();
    const authority = await this.#authority(now);
    const server = await this.#server(authority, now);
    this.#renewAt = Math.min(endOf(server) - serverRenewal, endOf(authority) - authorityRenewal);
    return { context: contextOf(server), server, authority: authority.certificate };
  }

  async #authority(now: Millis): Promise<KeyPair> {
    const kept = await this.#store.load('ca');
    if (kept !== undefined && now < endOf(kept) - authorityRenewal) return kept;
    const { makeAuthority } = await import('./certificate.ts');
    const made = await makeAuthority(validityFrom(now, authorityLife), this.#world.random);
    await this.#store.store('ca', made);
    this.#world.logger.info('a certificate authority was made');
    return made;
  }

  async #server(authority: KeyPair, now: Millis): Promise<KeyPair> {
    const kept = await this.#store.load('server');
    if (kept !== undefined && fits(kept, authority, this.#names, now)) return kept;
    const { certify } = await import('./certificate.ts');
    const validity = validityFrom(now, serverLife);
    const made = await certify(this.#names, authority, validity, this.#world.random);
    try {
      await this.#store.store('server', made);
    } catch (error) {
      // It serves this process as it is; the next process makes its own.
      this.#world.logger.warn("the server's certificate could not be stored", { error });
    }
    return made;
  }
}

type World = Pick<Env, 'clock' | 'random' | 'logger'>;

type Issued = { readonly context: SecureContext; readonly server: KeyPair; readonly authority: string };

const day: Millis = 24 * 3_600_000;

const authorityLife = 3650 * day;
/** Clients have to be told of a new authority, so it comes while the old certificate is far from its end. */
const authorityRenewal = 365 * day;

const serverLife = 90 * day;
const serverRenewal = 30 * day;

/** Clients whose clocks are behind accept it too. */
function validityFrom(now: Millis, life: Millis): Validity {
  return { from: now - day, until: now + life };
}

function endOf({ certificate }: KeyPair): Millis {
  return new X509Certificate(certificate).validToDate.getTime();
}

/** Whether a server's certificate is the authority's, for all of its names, and good for a while yet. */
function fits(server: KeyPair, authority: KeyPair, names: readonly string[], now: Millis): boolean {
  const certificate = new X509Certificate(server.certificate);
  const isFor = (name: string) =>
    (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined;
  return (
    certificate.verify(new X509Certificate(authority.certificate).publicKey) &&
    names.every(isFor) &&
    certificate.validFromDate.getTime() <= now &&
    now < certificate.validToDate.getTime() - serverRenewal
  );
}
