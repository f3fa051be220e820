import type { Env } from '../env/env.ts';
import type { Identity } from '../env/network.ts';
import { StartError } from '../env/start-error.ts';
import { GivenCertificate } from '../http/tls/given-certificate.ts';
import type { KeyPair } from '../http/tls/key-pair.ts';
import { diskStore, memoryStore } from '../http/tls/key-pair-store.ts';
import { LocalAuthority } from '../http/tls/local-authority.ts';
import { namesOfMachine } from '../http/tls/names-of-machine.ts';
import type { ServerOptions } from './options.ts';

/** The identity of a server over TLS. */
export type TlsIdentity = {
  readonly identity: Identity;
  /** What `identity` shows, for other threads. */
  readonly pair: () => Promise<KeyPair>;
  /** The certificate that clients have to trust; undefined when the user's own is shown. */
  readonly authority: (() => Promise<string>) | undefined;
  /** Looks whether the user has a new certificate. */
  reload(): Promise<void>;
  close(): void;
};

/**
 * The user's certificate, or one by a local authority, which touches nothing before the first TLS connection.
 */
export async function openIdentity(options: Options, env: Env): Promise<TlsIdentity> {
  const { tlsCertificate: certificate, tlsKey: key } = options;
  if (certificate !== undefined && key !== undefined) {
    const given = await GivenCertificate.open({ certificate, key }, env);
    const { identity, pair } = given;
    return {
      identity,
      pair,
      authority: undefined,
      reload: () => given.look(),
      close: () => given.close(),
    };
  }
  if (certificate !== undefined || key !== undefined) {
    throw new StartError('--tls-certificate and --tls-key are given together or not at all');
  }
  const store = options.memory ? memoryStore() : diskStore(env.disk, 'tls');
  const authority = new LocalAuthority(namesOfMachine(options.host), store, env);
  return {
    identity: authority.identity,
    pair: authority.pair,
    authority: () => authority.certificate(),
    reload: async () => {},
    close: () => {},
  };
}

type Options = Pick<ServerOptions, 'host' | 'memory' | 'tlsCertificate' | 'tlsKey'>;
