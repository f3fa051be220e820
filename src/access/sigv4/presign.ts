import assert from 'node:assert';
import type { Millis } from '../../env/clock.ts';
import { HeaderFields, queryOf } from '../../http/headers.ts';
import { Signer } from './claim.ts';
import { formatTimestamp } from './scope.ts';
import type { SigningCredentials } from './sign.ts';
import { signatureOf } from './signature.ts';
import { deriveSigningKey, HmacKey } from './signing-key.ts';

/**
 * Path and query of a GET without a body, signed ahead for so many seconds: whoever has it may send it once
 * or more, to this host alone (IAM user guide, "Query string parameters").
 */
export function presignedTarget(
  target: string,
  host: string,
  { accessKeyId, secretAccessKey, sessionToken }: SigningCredentials,
  scope: { readonly region: string; readonly service: string },
  { now, seconds }: { readonly now: Millis; readonly seconds: number },
): string {
  const signedAt = { text: formatTimestamp(now) };
  const signingScope = { date: signedAt.text.slice(0, 8), ...scope };
  const credential = `${accessKeyId}/${signingScope.date}/${scope.region}/${scope.service}/aws4_request`;
  const parameters = {
    'X-Amz-Algorithm': algorithm,
    'X-Amz-Credential': credential,
    'X-Amz-Date': signedAt.text,
    'X-Amz-Expires': String(seconds),
    ...(sessionToken !== undefined && { 'X-Amz-Security-Token': sessionToken }),
    'X-Amz-SignedHeaders': 'host',
  };
  const added = Object.entries(parameters).map(([name, text]) => `${name}=${encodeURIComponent(text)}`);
  const whole = `${target}${target.includes('?') ? '&' : '?'}${added.join('&')}`;
  const rawHeaders = ['host', host];
  const signature = signatureOf(
    {
      request: { method: 'GET', target: whole, rawHeaders, body: Buffer.alloc(0) },
      headers: new HeaderFields(rawHeaders),
      claim: { signer: new Signer(algorithm, credential, 'host'), query: queryOf(whole) },
      signedAt,
      scope: signingScope,
      sha256: undefined,
    },
    new HmacKey(deriveSigningKey(secretAccessKey, signingScope)),
  );
  assert(signature !== undefined);
  return `${whole}&X-Amz-Signature=${signature}`;
}

const algorithm = 'AWS4-HMAC-SHA256';
