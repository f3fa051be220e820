import assert from 'node:assert';
import type { Millis } from '../../env/clock.ts';
import { HeaderFields, queryOf } from '../../http/headers.ts';
import { Signer } from './claim.ts';
import { formatTimestamp } from './scope.ts';
import type { SigningCredentials } from './sign.ts';
import { signatureOf } from './signature.ts';
import { deriveSigningKey, HmacKey } from './signing-key.ts';

type Presigned = {
  /** Path and query as they will be sent, escaped. */
  readonly target: string;
  readonly host: string;
  readonly credentials: SigningCredentials;
  readonly scope: { readonly region: string; readonly service: string };
  /** For how many seconds it is good. */
  readonly seconds: number;
};

/** The path and query of a GET that says in its query who asks (Signature Version 4, "query parameters"). */
export function presignedTarget(
  { target, host, credentials, scope, seconds }: Presigned,
  now: Millis,
): string {
  const signedAt = { text: formatTimestamp(now) };
  const signingScope = { date: signedAt.text.slice(0, 8), ...scope };
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const credential = `${accessKeyId}/${signingScope.date}/${scope.region}/${scope.service}/aws4_request`;
  const parameters = {
    'X-Amz-Algorithm': algorithm,
    'X-Amz-Credential': credential,
    'X-Amz-Date': signedAt.text,
    'X-Amz-Expires': String(seconds),
    'X-Amz-SignedHeaders': 'host',
    ...(sessionToken !== undefined && { 'X-Amz-Security-Token': sessionToken }),
  };
  const query = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  const asked = `${target}${target.includes('?') ? '&' : '?'}${query.join('&')}`;
  const rawHeaders = ['host', host];
  const signature = signatureOf(
    {
      request: { method: 'GET', target: asked, rawHeaders, body: Buffer.alloc(0) },
      headers: new HeaderFields(rawHeaders),
      claim: { signer: new Signer(algorithm, credential, 'host'), query: queryOf(asked) },
      signedAt,
      scope: signingScope,
      sha256: undefined,
    },
    new HmacKey(deriveSigningKey(secretAccessKey, signingScope)),
  );
  assert(signature !== undefined);
  return `${asked}&X-Amz-Signature=${signature}`;
}

const algorithm = 'AWS4-HMAC-SHA256';
