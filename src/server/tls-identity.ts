import type { Env } from '../env/env.ts';
import type { Identity } from '../env/network.ts';
import { StartError } from '../env/start-error.ts';
import { type PlaceOptions, placesOf } from '../http/places.ts';
import { ClientAuthorityFile } from '../http/tls/client-authority-file.ts';
import { GivenCertificate } from '../http/tls/given-certificate.ts';
import type { ShownPair } from '../http/tls/key-pair.ts';
import { diskStore, memoryStore } from '../http/tls/key-pair-store.ts';
import { LocalAuthority } from '../http/tls/local-authority.ts';
import { namesOfMachine } from '../http/tls/names-of-machine.ts';
import { ShownCertificate } from '../http/tls/shown-certificate.ts';
import type { ServerOptions } from './options.ts';

/** The identity of a server over TLS, and what it asks clients for. */
export type TlsIdentity = {
  readonly identity: Identity;
  /** What `identity` shows, for other threads. */
  readonly pair: () => Promise<ShownPair>;
  /** The certificate that clients have to trust; undefined when the user's own is shown. */
  readonly authority: (() => Promise<string>) | undefined;
  /** Looks whether the user has a new certificate, or new authorities of clients. */
  reload(): Promise<void>;
  close(): void;
};

/**
 * The user's certificate, or one by a local authority, which touches nothing before the first TLS connection.
 */
export async function openIdentity(options: Options, env: Env): Promise<TlsIdentity> {
  const { clientCa, clientCertificates } = options;
  if (clientCa === undefined) {
    if (clientCertificates === undefined) return await openOwn(options, env);
    throw new StartError('--client-certificates needs --client-ca, which says whose');
  }
  const authorities = await ClientAuthorityFile.open(clientCa, env);
  try {
    return askingClients(await openOwn(options, env), authorities, clientCertificates !== 'optional');
  } catch (error) {
    authorities.close();
    throw error;
  }
}

/** Whether requests have to come over TLS: also where only a certificate lets a client in. */
export function needsTls({ requireTls, clientCa, clientCertificates }: Options): boolean {
  return requireTls || (clientCa !== undefined && clientCertificates !== 'optional');
}

type Options = PlaceOptions &
  Pick<
    ServerOptions,
    'memory' | 'tlsCertificate' | 'tlsKey' | 'requireTls' | 'clientCa' | 'clientCertificates'
  >;

async function openOwn(options: Options, env: Env): Promise<TlsIdentity> {
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
  const hosts = placesOf(options).ports.map(({ host }) => host);
  const authority = new LocalAuthority(namesOfMachine(hosts), store, env);
  return {
    identity: authority.identity,
    pair: authority.pair,
    authority: () => authority.certificate(),
    reload: async () => {},
    close: () => {},
  };
}

/** The same identity, which asks clients for certificates. */
function askingClients(
  own: TlsIdentity,
  authorities: ClientAuthorityFile,
  areRequired: boolean,
): TlsIdentity {
  const pair = async () => ({ ...(await own.pair()), clients: { pem: authorities.pem, areRequired } });
  return {
    ...own,
    pair,
    identity: new ShownCertificate(pair).identity,
    async reload() {
      await own.reload();
      await authorities.look();
    },
    close() {
      own.close();
      authorities.close();
    },
  };
}
