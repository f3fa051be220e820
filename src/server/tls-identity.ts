import type { Env } from '../env/env.ts';
import type { Handler, Identity } from '../env/network.ts';
import { StartError } from '../env/start-error.ts';
import { GivenCertificate } from '../http/tls/given-certificate.ts';
import type { KeyPair } from '../http/tls/key-pair.ts';
import { diskStore, memoryStore } from '../http/tls/key-pair-store.ts';
import { LocalAuthority } from '../http/tls/local-authority.ts';
import { namesOfMachine } from '../http/tls/names-of-machine.ts';
import { withAuthority, withoutAuthority } from './authority-page.ts';
import type { ServerOptions } from './options.ts';

/** Whom a server is over TLS. */
export type TlsIdentity = {
  readonly identity: Identity;
  /** What `identity` shows, for other threads. */
  readonly pair: () => Promise<KeyPair>;
  /** Adds to a handler what clients need in order to trust the server, or that they need nothing. */
  around(handle: Handler): Handler;
  /** Looks whether the user has a new certificate. */
  reload(): Promise<void>;
  close(): void;
};

/**
 * The user's certificate, or one by a local authority, which touches nothing before somebody comes with TLS.
 */
export async function openIdentity(options: Options, env: Env): Promise<TlsIdentity> {
  const { tlsCertificate: certificate, tlsKey: key } = options;
  if (certificate !== undefined && key !== undefined) {
    const given = await GivenCertificate.open({ certificate, key }, env);
    const { identity, pair } = given;
    return {
      identity,
      pair,
      around: withoutAuthority,
      reload: () => given.look(),
      close: () => given.close(),
    };
  }
  if (certificate !== undefined || key !== undefined) {
    throw new StartError('--tls-certificate and --tls-key are given together or not at all');
  }
  const shelf = options.memory ? memoryStore() : diskStore(env.disk, 'tls');
  const authority = new LocalAuthority(namesOfMachine(options.host), shelf, env);
  return {
    identity: authority.identity,
    pair: authority.pair,
    around: (handle) => withAuthority(handle, () => authority.certificate()),
    reload: async () => {},
    close: () => {},
  };
}

type Options = Pick<ServerOptions, 'host' | 'memory' | 'tlsCertificate' | 'tlsKey'>;
