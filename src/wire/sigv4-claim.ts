import { KinesisError } from '../kinesis/error.ts';
import type { HeaderFields } from './headers.ts';
import type { QueryParameter } from './query.ts';

/** What a request says about its own signature. It is complete, and nothing of it is believed yet. */
export type Claim = {
  readonly algorithm: string;
  readonly credential: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly date: string;
  /** Seconds that a pre-signed request lives. */
  readonly expires: string | undefined;
  readonly sessionToken: string | undefined;
  /** The query as far as it is signed: all but a signature in it. */
  readonly query: readonly QueryParameter[];
};

/** Reads the claim from the Authorization header or from the query, never from both. */
export function claimOf(headers: HeaderFields, query: readonly QueryParameter[]): Claim {
  const authorization = headers.get('authorization') ?? '';
  const presigned = query.some(([name]) => name === 'X-Amz-Algorithm');
  if (authorization !== '' && presigned) {
    throw new KinesisError(
      'InvalidSignatureException',
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    );
  }
  if (authorization !== '') return headerClaim(authorization, headers, query);
  if (presigned) return queryClaim(query);
  throw new KinesisError('MissingAuthenticationTokenException', 'Missing Authentication Token');
}

/** `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…` */
function headerClaim(authorization: string, headers: HeaderFields, query: readonly QueryParameter[]): Claim {
  const [algorithm = '', ...parameters] = authorization.replaceAll(',', ' ').split(' ');
  const credential = parameterOf(parameters, 'Credential=');
  const signature = parameterOf(parameters, 'Signature=');
  const signedHeaders = parameterOf(parameters, 'SignedHeaders=');
  const date = headers.get('x-amz-date') || headers.get('date') || '';
  let missing = '';
  if (credential === '') missing += "Authorization header requires 'Credential' parameter. ";
  if (signature === '') missing += "Authorization header requires 'Signature' parameter. ";
  if (signedHeaders === '') missing += "Authorization header requires 'SignedHeaders' parameter. ";
  if (date === '') {
    missing += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  }
  if (missing !== '') throw incomplete(`${missing}Authorization=${authorization}`);
  return {
    algorithm,
    credential,
    signedHeaders: signedHeaders.split(';'),
    signature,
    date,
    expires: undefined,
    sessionToken: headers.get('x-amz-security-token'),
    query,
  };
}

function parameterOf(parameters: readonly string[], prefix: string): string {
  return parameters.find((parameter) => parameter.startsWith(prefix))?.slice(prefix.length) ?? '';
}

function queryClaim(query: readonly QueryParameter[]): Claim {
  const parameters = new Map(query);
  refuseRepeated(query);
  const missing = queryRequired
    .filter((name) => !parameters.get(name))
    .map((name) => `AWS query-string parameters must include '${name}'. `);
  if (missing.length > 0) throw incomplete(`${missing.join('')}Re-examine the query-string parameters.`);
  return {
    algorithm: parameters.get('X-Amz-Algorithm')!,
    credential: parameters.get('X-Amz-Credential')!,
    signedHeaders: parameters.get('X-Amz-SignedHeaders')!.split(';'),
    signature: parameters.get('X-Amz-Signature')!,
    date: parameters.get('X-Amz-Date')!,
    expires: parameters.get('X-Amz-Expires'),
    sessionToken: parameters.get('X-Amz-Security-Token'),
    query: query.filter(([name]) => name !== 'X-Amz-Signature'),
  };
}

const queryRequired = [
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-Signature',
  'X-Amz-SignedHeaders',
  'X-Amz-Date',
];

function refuseRepeated(query: readonly QueryParameter[]): void {
  const seen = new Set<string>();
  for (const [name] of query) {
    if (name.startsWith('X-Amz-') && seen.has(name)) {
      throw new KinesisError(
        'InvalidSignatureException',
        `Found more than one '${name}' query-string param.`,
      );
    }
    seen.add(name);
  }
}

function incomplete(message: string): KinesisError {
  return new KinesisError('IncompleteSignatureException', message);
}
