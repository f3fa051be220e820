import { createHash, createPrivateKey, type webcrypto, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import * as asn1 from 'asn1js';
import * as pki from 'pkijs';
import type { Millis } from '../../env/clock.ts';
import type { Random } from '../../env/random.ts';
import { addressBytes } from './address-bytes.ts';
import type { KeyPair } from './key-pair.ts';

/** From when to when a certificate is good. */
export type Validity = { readonly from: Millis; readonly until: Millis };

/** A new authority, which may certify servers and no other authorities. */
export async function makeAuthority(validity: Validity, random: Random): Promise<KeyPair> {
  // Authorities of one name but of several keys would confuse clients that look for an issuer by name.
  const name = `Millrace local authority ${random.bytes(4).toString('hex')}`;
  return await authorityOf(name, await makeKeys(), validity, random);
}

/**
 * The authority of a cluster, by a name and a private key (JWK, P-256) that all of its gateways have: what
 * one of them certifies, all verify, each with a certificate of the authority that it has made itself.
 */
export async function sharedAuthority(
  name: string,
  jwk: webcrypto.JsonWebKey,
  validity: Validity,
  random: Random,
): Promise<KeyPair> {
  const { d: _, ...publicJwk } = jwk;
  const privateKey = await crypto.subtle.importKey('jwk', jwk, algorithm, true, ['sign']);
  const publicKey = await crypto.subtle.importKey('jwk', publicJwk, algorithm, true, ['verify']);
  return await authorityOf(name, { privateKey, publicKey }, validity, random);
}

async function authorityOf(
  commonName: string,
  keys: Pick<webcrypto.CryptoKeyPair, 'privateKey' | 'publicKey'>,
  validity: Validity,
  random: Random,
): Promise<KeyPair> {
  const certificate = draft(validity, random);
  const name = named(commonName);
  certificate.subject = name;
  certificate.issuer = name;
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey);
  certificate.extensions = [
    extension(oid.basicConstraints, new pki.BasicConstraints({ cA: true, pathLenConstraint: 0 }), critical),
    extension(oid.keyUsage, usage(keyUsage.signCertificates | keyUsage.signRevocations), critical),
    extension(oid.subjectKeyIdentifier, new asn1.OctetString({ valueHex: identifierOf(certificate) })),
  ];
  return await signed(certificate, keys.privateKey, keys.privateKey);
}

/**
 * A new certificate, and its key, for a server with these host names and addresses; with `alsoClient`, for
 * what connects to servers, too.
 */
export async function certify(
  names: readonly string[],
  authority: KeyPair,
  validity: Validity,
  random: Random,
  { alsoClient }: { readonly alsoClient: boolean } = { alsoClient: false },
): Promise<KeyPair> {
  const keys = await makeKeys();
  const issuer = pki.Certificate.fromBER(new X509Certificate(authority.certificate).raw);
  const certificate = draft(validity, random);
  certificate.subject = named(names[0]!);
  certificate.issuer = issuer.subject;
  await certificate.subjectPublicKeyInfo.importKey(keys.publicKey);
  const keyIdentifier = new asn1.OctetString({ valueHex: identifierOf(issuer) });
  const keyPurposes = [oid.serverAuthentication, ...(alsoClient ? [oid.clientAuthentication] : [])];
  certificate.extensions = [
    extension(oid.basicConstraints, new pki.BasicConstraints({ cA: false }), critical),
    extension(oid.keyUsage, usage(keyUsage.sign), critical),
    extension(oid.extendedKeyUsage, new pki.ExtKeyUsage({ keyPurposes })),
    extension(oid.subjectAltName, new pki.GeneralNames({ names: names.map(alternativeName) })),
    extension(oid.authorityKeyIdentifier, new pki.AuthorityKeyIdentifier({ keyIdentifier })),
  ];
  return await signed(certificate, keys.privateKey, await importKey(authority.key));
}

/** Known to all clients, and made and used in a fraction of a millisecond. */
const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };

function makeKeys() {
  return crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

function importKey(pem: string) {
  const bytes = createPrivateKey(pem).export({ type: 'pkcs8', format: 'der' });
  return crypto.subtle.importKey('pkcs8', bytes, algorithm, false, ['sign']);
}

type PrivateKey = Awaited<ReturnType<typeof importKey>>;

async function signed(
  certificate: pki.Certificate,
  own: PrivateKey,
  authority: PrivateKey,
): Promise<KeyPair> {
  await certificate.sign(authority, 'SHA-256');
  return {
    key: pem('PRIVATE KEY', await crypto.subtle.exportKey('pkcs8', own)),
    certificate: pem('CERTIFICATE', certificate.toSchema(true).toBER()),
  };
}

function draft({ from, until }: Validity, random: Random): pki.Certificate {
  const certificate = new pki.Certificate();
  certificate.version = 2; // Version 3, as it is written.
  certificate.serialNumber = new asn1.Integer({ valueHex: serialNumber(random) });
  certificate.notBefore = time(from);
  certificate.notAfter = time(until);
  return certificate;
}

/** Positive, and of at most 20 bytes (RFC 5280 §4.1.2.2). */
function serialNumber(random: Random): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(random.bytes(16));
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes;
}

/** Two digits of the year do until 2049 (RFC 5280 §4.1.2.5). */
function time(at: Millis): pki.Time {
  const value = new Date(at);
  return new pki.Time({ type: value.getUTCFullYear() < 2050 ? utcTime : generalizedTime, value });
}

const utcTime = 0;
const generalizedTime = 1;

function named(commonName: string): pki.RelativeDistinguishedNames {
  const value = new asn1.Utf8String({ value: commonName });
  return new pki.RelativeDistinguishedNames({
    typesAndValues: [new pki.AttributeTypeAndValue({ type: oid.commonName, value })],
  });
}

/** RFC 5280 §4.2.1.6. */
function alternativeName(name: string): pki.GeneralName {
  return isIP(name) === 0
    ? new pki.GeneralName({ type: dnsName, value: name })
    : new pki.GeneralName({ type: ipAddress, value: new asn1.OctetString({ valueHex: addressBytes(name) }) });
}

const dnsName = 2;
const ipAddress = 7;

/** RFC 5280 §4.2.1.2, the first of the methods. */
function identifierOf({ subjectPublicKeyInfo }: pki.Certificate): Uint8Array<ArrayBuffer> {
  const { valueHexView } = subjectPublicKeyInfo.subjectPublicKey.valueBlock;
  return new Uint8Array(createHash('sha1').update(valueHexView).digest());
}

function usage(bits: number): asn1.BitString {
  const unusedBits = 31 - Math.clz32(bits & -bits);
  return new asn1.BitString({ valueHex: Uint8Array.of(bits), unusedBits });
}

/** RFC 5280 §4.2.1.3; its bit 0 is the highest. */
const keyUsage = { sign: 0x80, signCertificates: 0x04, signRevocations: 0x02 };

const critical = true;

type Value = asn1.BaseBlock | { toSchema(): asn1.BaseBlock };

function extension(extnID: string, value: Value, critical = false): pki.Extension {
  const schema = 'toSchema' in value ? value.toSchema() : value;
  return new pki.Extension({ extnID, critical, extnValue: schema.toBER() });
}

/** RFC 5280 §4.2.1, and X.520 for the name. */
const oid = {
  commonName: '2.5.4.3',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyIdentifier: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuthentication: '1.3.6.1.5.5.7.3.1',
  clientAuthentication: '1.3.6.1.5.5.7.3.2',
};

/** RFC 7468 §2. */
function pem(label: string, bytes: ArrayBuffer): string {
  const lines = Buffer.from(bytes)
    .toString('base64')
    .match(/.{1,64}/g)!;
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
