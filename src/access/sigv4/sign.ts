import assert from 'node:assert';
import type { Millis } from '../../env/clock.ts';
import { HeaderFields, queryOf } from '../../http/headers.ts';
import { Signer } from './claim.ts';
import { formatTimestamp } from './scope.ts';
import { signatureOf } from './signature.ts';
import { deriveSigningKey, HmacKey } from './signing-key.ts';

/** A request that is to be signed. */
export type Unsigned = {
  readonly method: string;
  /** Path and query as they will be sent, escaped, for example `/?Action=ListUsers`. */
  readonly target: string;
  /** All that will be sent and must arrive as it was, `host` among them, in any case of letters. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
  /** What the signature says of the body, where that is known already: its SHA-256 in hex, or S3's words. */
  readonly payloadHash?: string;
};

export type SigningCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string | undefined;
};

/**
 * The headers with what makes them signed by Signature Version 4: `x-amz-date`, `authorization`, and
 * `x-amz-security-token` where there is one. Names come back in lower case. The canonical request is that of
 * the verifier: what one says, the other reads.
 */
export function signedHeaders(
  { method, target, headers, body, payloadHash }: Unsigned,
  credentials: SigningCredentials,
  scope: { readonly region: string; readonly service: string },
  now: Millis,
): Record<string, string> {
  const signedAt = { text: formatTimestamp(now) };
  const all = headersToSign(headers, credentials.sessionToken, signedAt.text);
  assert(all['host'] !== undefined);
  const signingScope = { date: signedAt.text.slice(0, 8), ...scope };
  const { accessKeyId, secretAccessKey } = credentials;
  const credential = `${accessKeyId}/${signingScope.date}/${scope.region}/${scope.service}/aws4_request`;
  const signer = new Signer(algorithm, credential, Object.keys(all).join(';'));
  const rawHeaders = Object.entries(all).flat();
  const signature = signatureOf(
    {
      request: { method, target, rawHeaders, body: payloadHash === undefined ? Buffer.from(body) : noBody },
      headers: new HeaderFields(rawHeaders),
      claim: { signer, query: queryOf(target) },
      signedAt,
      scope: signingScope,
      sha256: payloadHash,
    },
    new HmacKey(deriveSigningKey(secretAccessKey, signingScope)),
  );
  assert(signature !== undefined);
  const authorization = `${algorithm} Credential=${credential}, SignedHeaders=${signer.signedNames}, Signature=${signature}`;
  return { ...all, authorization };
}

const algorithm = 'AWS4-HMAC-SHA256';
const noBody = Buffer.alloc(0);

/** In lower case and in order, as SignedHeaders names them, without what a signature before left behind. */
function headersToSign(
  headers: Readonly<Record<string, string>>,
  sessionToken: string | undefined,
  date: string,
): Record<string, string> {
  const all = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  for (const name of ['authorization', 'x-amz-security-token']) all.delete(name);
  all.set('x-amz-date', date);
  if (sessionToken !== undefined) all.set('x-amz-security-token', sessionToken);
  return Object.fromEntries([...all].sort(([left], [right]) => (left < right ? -1 : 1)));
}
