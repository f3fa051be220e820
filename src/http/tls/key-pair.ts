import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';

/**
 * A private key and the certificate of its public half, both PEM. More certificates may follow the first, up
 * to a root.
 */
export type KeyPair = { readonly key: string; readonly certificate: string };

/** What is wrong with a pair; undefined when it can be shown to clients. */
export function faultOf({ key, certificate }: KeyPair): string | undefined {
  const parsedCertificate = parse(() => new X509Certificate(certificate));
  if (parsedCertificate === undefined) return 'the certificate is not PEM';
  const parsedKey = parse((): KeyObject => createPrivateKey(key));
  if (parsedKey === undefined) return 'the key is not PEM, or needs a passphrase';
  return parsedCertificate.checkPrivateKey(parsedKey) ? undefined : "the key is not the certificate's";
}

/** TLS with this pair, with versions 1.2 and 1.3: the older ones are broken (RFC 8996). */
export function contextOf({ key, certificate }: KeyPair): SecureContext {
  return createSecureContext({ key, cert: certificate, minVersion: 'TLSv1.2' });
}

/** Node's parsers throw OpenSSL's errors, which do not say what is wrong in words. */
function parse<T>(parser: () => T): T | undefined {
  try {
    return parser();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
