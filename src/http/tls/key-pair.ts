import { constants, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { ServerContext } from '../../env/network.ts';

/**
 * A private key and the certificate of its public half, both PEM. More certificates may follow the first, up
 * to a root.
 */
export type KeyPair = { readonly key: string; readonly certificate: string };

/** A pair as it is shown, and the authorities by which clients are asked for certificates, if they are. */
export type ShownPair = KeyPair & { readonly clients?: ClientAuthorities };

export type ClientAuthorities = {
  /** Certificates of authorities, and revocation lists of theirs. */
  readonly pem: string;
  /** Whether a client without a certificate is refused. */
  readonly areRequired: boolean;
};

/** What is wrong with a pair; undefined when it can be shown to clients. */
export function faultOf({ key, certificate }: KeyPair): string | undefined {
  const parsedCertificate = parse(() => new X509Certificate(certificate));
  if (parsedCertificate === undefined) return 'the certificate is not PEM';
  const parsedKey = parse((): KeyObject => createPrivateKey(key));
  if (parsedKey === undefined) return 'the key is not PEM, or needs a passphrase';
  return parsedCertificate.checkPrivateKey(parsedKey) ? undefined : "the key is not the certificate's";
}

/**
 * TLS with this pair, with versions 1.2 and 1.3: the older ones are broken (RFC 8996). A client's certificate
 * is verified in every handshake: a session that is resumed would show none, so none is. Throws when an
 * authority or a revocation list is not what it should be.
 */
export function contextOf({ key, certificate: cert, clients }: ShownPair): ServerContext {
  const own = { key, cert, minVersion: 'TLSv1.2', ciphers: suites } as const;
  if (clients === undefined) return createSecureContext(own);
  const ca = blocksOf(clients.pem, 'CERTIFICATE');
  const crl = blocksOf(clients.pem, 'X509 CRL');
  const verification = { ca, ...(crl.length > 0 && { crl }), sessionIdContext: 'clients' };
  const secureOptions = constants.SSL_OP_NO_TICKET;
  const context = createSecureContext({ ...own, ...verification, secureOptions });
  return Object.assign(context, { clients: clients.areRequired ? 'required' : 'optional' } as const);
}

/** What is wrong with the authorities of clients; undefined when certificates can be verified by them. */
export function faultOfAuthorities(pem: string): string | undefined {
  const certificates = blocksOf(pem, 'CERTIFICATE');
  if (certificates.length === 0) return 'there is no PEM certificate in it';
  const parsed = certificates.map((block) => parse(() => new X509Certificate(block)));
  if (!parsed.every((certificate) => certificate?.ca === true)) return 'a certificate in it is no authority';
  const crl = blocksOf(pem, 'X509 CRL');
  if (parse(() => createSecureContext({ crl })) === undefined) return 'a revocation list in it is not PEM';
  return undefined;
}

/** The parts of a PEM text that have a label (RFC 7468 §2). */
function blocksOf(pem: string, label: string): string[] {
  return pem.match(new RegExp(`-----BEGIN ${label}-----[^-]*-----END ${label}-----`, 'g')) ?? [];
}

/**
 * The suites of TLS 1.3, and of 1.2 those with forward secrecy and authenticated encryption (RFC 9325 §4.2).
 */
const suites = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/** Node's parsers throw OpenSSL's errors, which do not say what is wrong in words. */
function parse<T>(parser: () => T): T | undefined {
  try {
    return parser();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
