import { createPrivateKey, X509Certificate } from 'node:crypto';
import * as asn1 from 'asn1js';
import * as pki from 'pkijs';
import { nodeRandom } from '../../../src/env/node-random.ts';
import { makeAuthority, type Validity } from '../../../src/http/tls/certificate.ts';
import type { KeyPair } from '../../../src/http/tls/key-pair.ts';

const hour = 3_600_000;

/** Good for an hour, and since one. */
export const now: Validity = { from: Date.now() - hour, until: Date.now() + hour };

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };

/** A new authority for clients. */
export function makeClientAuthority(): Promise<KeyPair> {
  return makeAuthority(now, nodeRandom());
}

type Wanted = {
  /** Common names; one, as a rule. */
  readonly subjects?: readonly string[];
  readonly uris?: readonly string[];
  readonly validity?: Validity;
  /** What it is for: clients, unless another is said. */
  readonly purpose?: string;
};

export const purposes = { clients: '1.3.6.1.5.5.7.3.2', servers: '1.3.6.1.5.5.7.3.1' };

/** A certificate for a client, and its key. */
export async function certifyClient(
  authority: KeyPair,
  { subjects = ['orders'], uris = [], validity = now, purpose = purposes.clients }: Wanted = {},
): Promise<KeyPair> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = new pki.Certificate();
  certificate.version = 2;
  certificate.serialNumber = new asn1.Integer({ value: 1 + Math.floor(Math.random() * 1e9) });
  certificate.notBefore = new pki.Time({ value: new Date(validity.from) });
  certificate.notAfter = new pki.Time({ value: new Date(validity.until) });
  certificate.issuer = certificateIn(authority).subject;
  certificate.subject = new pki.RelativeDistinguishedNames({
    typesAndValues: subjects.map(
      (value) => new pki.AttributeTypeAndValue({ type: '2.5.4.3', value: new asn1.Utf8String({ value }) }),
    ),
  });
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey);
  const names = uris.map((value) => new pki.GeneralName({ type: 6, value }));
  certificate.extensions = [
    extension('2.5.29.37', new pki.ExtKeyUsage({ keyPurposes: [purpose] }).toSchema()),
    ...(names.length > 0 ? [extension('2.5.29.17', new pki.GeneralNames({ names }).toSchema())] : []),
  ];
  await certificate.sign(await privateKeyOf(authority), 'SHA-256');
  return {
    key: pem('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', keys.privateKey)),
    certificate: pem('CERTIFICATE', certificate.toSchema(true).toBER()),
  };
}

/** An authority's list of the certificates that it takes back, PEM. */
export async function revocationList(authority: KeyPair, revoked: readonly KeyPair[]): Promise<string> {
  const list = new pki.CertificateRevocationList();
  list.version = 1;
  list.issuer = certificateIn(authority).subject;
  list.thisUpdate = new pki.Time({ value: new Date(now.from) });
  list.nextUpdate = new pki.Time({ value: new Date(now.until) });
  list.revokedCertificates = revoked.map(
    (pair) =>
      new pki.RevokedCertificate({
        userCertificate: certificateIn(pair).serialNumber,
        revocationDate: new pki.Time({ value: new Date(now.from) }),
      }),
  );
  await list.sign(await privateKeyOf(authority), 'SHA-256');
  return pem('X509 CRL', list.toSchema(true).toBER());
}

function certificateIn({ certificate }: KeyPair): pki.Certificate {
  return pki.Certificate.fromBER(new X509Certificate(certificate).raw);
}

function privateKeyOf({ key }: KeyPair) {
  const bytes = createPrivateKey(key).export({ type: 'pkcs8', format: 'der' });
  return crypto.subtle.importKey('pkcs8', bytes, algorithm, false, ['sign']);
}

function extension(extnID: string, schema: asn1.BaseBlock): pki.Extension {
  return new pki.Extension({ extnID, critical: false, extnValue: schema.toBER() });
}

function pem(label: string, bytes: ArrayBuffer): string {
  return `-----BEGIN ${label}-----\n${Buffer.from(bytes).toString('base64')}\n-----END ${label}-----\n`;
}
