import type { HeaderFields, QueryParameter } from '../../http/headers.ts';
import { ServiceError } from '../../wire/service-error.ts';
import { incompleteSignature, invalidSignature } from './errors.ts';
import { type Credential, parseCredential } from './scope.ts';

/** What a request claims about its signature: complete, and not verified yet. */
export type Claim = {
  readonly signer: Signer;
  readonly signature: string;
  /** The Authorization header, unless its signer was known already. */
  readonly newcomer?: string | undefined;
  readonly date: string;
  /** Seconds that a pre-signed request lives. */
  readonly expires: string | undefined;
  readonly sessionToken: string | undefined;
  /** The query as far as it is signed: all but a signature in it. */
  readonly query: readonly QueryParameter[];
};

/** Reads the claim from the Authorization header or from the query; a request must not have both. */
export function claimOf(headers: HeaderFields, query: readonly QueryParameter[], known: KnownSigners): Claim {
  const authorization = headers.get('authorization') ?? '';
  const presigned = query.some(([name]) => name === 'X-Amz-Algorithm');
  if (authorization !== '' && presigned) {
    throw invalidSignature(
      "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    );
  }
  if (authorization !== '') return headerClaim(authorization, headers, query, known);
  if (presigned) return queryClaim(query);
  throw new ServiceError('MissingAuthenticationTokenException', 'Missing Authentication Token');
}

/** `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…` */
function headerClaim(
  authorization: string,
  headers: HeaderFields,
  query: readonly QueryParameter[],
  known: KnownSigners,
): Claim {
  const date = headers.get('x-amz-date') || headers.get('date') || '';
  const sessionToken = headers.get('x-amz-security-token');
  const found = date === '' ? undefined : known.find(authorization);
  const newcomer = found === undefined ? authorization : undefined;
  const { signer, signature } = found ?? readAuthorization(authorization, date);
  return { signer, signature, newcomer, date, expires: undefined, sessionToken, query };
}

function readAuthorization(authorization: string, date: string): Authorization {
  const [algorithm = '', ...parameters] = authorization.replaceAll(',', ' ').split(' ');
  requirePairs(parameters, authorization);
  const credential = parameterOf(parameters, 'Credential=');
  const signature = parameterOf(parameters, 'Signature=');
  const signedHeaders = parameterOf(parameters, 'SignedHeaders=');
  let missing = '';
  if (credential === '') missing += "Authorization header requires 'Credential' parameter. ";
  if (signature === '') missing += "Authorization header requires 'Signature' parameter. ";
  if (signedHeaders === '') missing += "Authorization header requires 'SignedHeaders' parameter. ";
  if (date === '') {
    missing += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  }
  if (missing !== '') throw incompleteSignature(`${missing}Authorization=${authorization}`);
  requireNoMore(parameters, authorization);
  return { signer: new Signer(algorithm, credential, signedHeaders), signature };
}

function requirePairs(parameters: readonly string[], authorization: string): void {
  const word = parameters.find((parameter) => parameter !== '' && !parameter.includes('='));
  if (word === undefined) return;
  throw incompleteSignature(
    `'${word}' not a valid key=value pair (missing equal-sign) in Authorization header: '${authorization}'.`,
  );
}

/** Three parameters, each once: what else stands there is covered by no signature. */
function requireNoMore(parameters: readonly string[], authorization: string): void {
  const given = parameters.filter((parameter) => parameter !== '');
  const isUnknown = (parameter: string) => !/^(Credential|SignedHeaders|Signature)=/.test(parameter);
  if (given.length === 3 && !given.some(isUnknown)) return;
  throw incompleteSignature(
    `Authorization header takes 'Credential', 'SignedHeaders' and 'Signature', each once. Authorization=${authorization}`,
  );
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
  if (missing.length > 0)
    throw incompleteSignature(`${missing.join('')}Re-examine the query-string parameters.`);
  return {
    signer: new Signer(
      parameters.get('X-Amz-Algorithm')!,
      parameters.get('X-Amz-Credential')!,
      parameters.get('X-Amz-SignedHeaders')!,
    ),
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
      throw invalidSignature(`Found more than one '${name}' query-string param.`);
    }
    seen.add(name);
  }
}

/** The part of a claim that a client repeats with every request. Nothing of it is verified yet. */
export class Signer {
  readonly algorithm: string;
  readonly signedHeaders: readonly string[];
  /** The same as one text. */
  readonly signedNames: string;
  readonly #credential: string;
  #parsed: Credential | undefined;

  constructor(algorithm: string, credential: string, signedNames: string) {
    this.algorithm = algorithm;
    this.signedNames = signedNames;
    this.signedHeaders = signedNames.split(';');
    this.#credential = credential;
  }

  /** Throws AWS's error for a credential that has not five parts. */
  credential(): Credential {
    this.#parsed ??= parseCredential(this.#credential);
    return this.#parsed;
  }
}

/** An Authorization header, taken apart. */
export type Authorization = { readonly signer: Signer; readonly signature: string };

/**
 * Signers that were read before, by the text of their Authorization header up to the signature. What is kept
 * follows from that text alone. It is kept only after a signature was right, so strangers cannot push others
 * out.
 */
export class KnownSigners {
  readonly #kept = new Map<string, Signer>();

  find(authorization: string): Authorization | undefined {
    const end = authorization.length - signatureDigits;
    const signer = this.#kept.get(authorization.slice(0, end));
    if (signer === undefined) return undefined;
    const signature = authorization.slice(end);
    return signatureForm.test(signature) ? { signer, signature } : undefined;
  }

  /** The signer kept first goes when there are too many. */
  keep(authorization: string, signer: Signer): void {
    if (!isRegular.test(authorization)) return;
    if (this.#kept.size >= keptMax) this.#kept.delete(this.#kept.keys().next().value!);
    this.#kept.set(authorization.slice(0, -signatureDigits), signer);
  }
}

/** Of SHA-256, in hex. */
export const signatureForm = /^[0-9a-f]{64}$/;
const signatureDigits = 64;

/** One signature, at the end: the text before it means the same with any other signature. And it is short. */
const isRegular = /^(?!.*Signature=.*Signature=).{1,1000}[ ,]Signature=[0-9a-f]{64}$/;

const keptMax = 1_000;
