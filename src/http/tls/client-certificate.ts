import type { X509Certificate } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import type { ClientCertificate } from '../../env/network.ts';

/** What the client's certificate says; undefined without one that was verified. */
export function clientCertificateOf(socket: TLSSocket): ClientCertificate | undefined {
  if (!socket.authorized) return undefined;
  const certificate = socket.getPeerX509Certificate();
  return certificate && described(certificate);
}

/** The parts of a certificate that name its holder. */
export function described(certificate: X509Certificate): ClientCertificate {
  return {
    subject: commonName(certificate),
    uris: urisIn(certificate.subjectAltName ?? ''),
    fingerprint: certificate.fingerprint256,
  };
}

/** Of several common names none is the holder's: which one counts is told differently everywhere. */
function commonName(certificate: X509Certificate): string {
  const name: unknown = certificate.toLegacyObject().subject?.CN;
  return typeof name === 'string' ? name : '';
}

/**
 * Node writes alternative names as `URI:…, DNS:…`, and quotes as JSON does what could be mistaken for another
 * one (its documentation of `X509Certificate.subjectAltName`).
 */
function urisIn(alternativeNames: string): string[] {
  return [...alternativeNames.matchAll(alternativeName)]
    .filter(([, kind]) => kind === 'URI')
    .map(([, , value]) => (value!.startsWith('"') ? (JSON.parse(value!) as string) : value!));
}

const alternativeName = /([^:,]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/gy;
