import type { Clock, Millis } from '../../env/clock.ts';
import { detached, unthinkable } from '../../env/detached.ts';
import { environmentVariable } from '../../env/environment.ts';
import type { ClientAnswer, HttpClient } from '../../env/http-client.ts';
import type { Random } from '../../env/random.ts';
import { StartError } from '../../env/start-error.ts';
import { readUserFile } from '../../env/user-file.ts';
import { KeyError, type KeyTrouble } from '../../log/log.ts';
import { parseCredentials } from '../credentials.ts';
import { type SigningCredentials, signedHeaders } from '../sigv4/sign.ts';
import type { EncryptionContext, GeneratedKey, KeyFacts, KeyService } from './key-service.ts';

/** Where a KMS is, and as who it is asked. */
export type RemoteKms = {
  readonly url: string;
  readonly region: string;
  readonly credentials: SigningCredentials;
};

type RemoteKeysEnv = {
  readonly clock: Clock;
  readonly random: Random;
  readonly client: HttpClient;
};

type RemoteKeysOptions = {
  readonly kms: string;
  readonly kmsCredentials: string | undefined;
  readonly region: string | undefined;
};

/**
 * The KMS that options name. Credentials are those of the file's profile AWS_PROFILE, or without a file those
 * in the variables that AWS's SDKs read; the region is that in the URL of an endpoint of AWS, or AWS_REGION,
 * or the server's. Rejects with `StartError` when there are no credentials, or keys would cross a network in
 * clear.
 */
export async function openRemoteKeys(options: RemoteKeysOptions, env: RemoteKeysEnv): Promise<RemoteKeys> {
  const { kms: url, kmsCredentials, region = 'us-east-1' } = options;
  requirePrivate(new URL(url));
  const credentials =
    kmsCredentials === undefined ? credentialsFromVariables() : await credentialsFromFile(kmsCredentials);
  const [, inUrl] = /^kms(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com/.exec(new URL(url).hostname) ?? [];
  const set = environmentVariable('AWS_REGION') ?? environmentVariable('AWS_DEFAULT_REGION');
  return new RemoteKeys({ url, region: inUrl ?? set ?? region, credentials }, env);
}

/** Answers hold data keys in clear. */
function requirePrivate({ protocol, hostname }: URL): void {
  if (protocol === 'https:' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)) return;
  throw new StartError(`--kms must begin with https: unless it is on this machine, which ${hostname} is not`);
}

function credentialsFromVariables(): SigningCredentials {
  const accessKeyId = environmentVariable('AWS_ACCESS_KEY_ID');
  const secretAccessKey = environmentVariable('AWS_SECRET_ACCESS_KEY');
  if (!accessKeyId || !secretAccessKey) {
    throw new StartError(
      '--kms needs credentials: --kms-credentials, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    );
  }
  return { accessKeyId, secretAccessKey, sessionToken: environmentVariable('AWS_SESSION_TOKEN') };
}

async function credentialsFromFile(path: string): Promise<SigningCredentials> {
  const profile = environmentVariable('AWS_PROFILE') ?? 'default';
  try {
    const { users } = parseCredentials(String(await readUserFile(path)));
    const found = users.find(({ user }) => user === profile);
    if (found !== undefined) return found;
  } catch (cause) {
    throw new StartError(`--kms-credentials: ${path}: ${(cause as Error).message}`, { cause });
  }
  throw new StartError(`--kms-credentials: there is no profile ${profile} in ${path}`);
}

/**
 * A KMS behind an endpoint that speaks AWS KMS's API (API version 2014-11-01, JSON 1.1). What fails for a
 * moment is tried again; after that the key is `unavailable`.
 */
export class RemoteKeys implements KeyService {
  readonly #kms: RemoteKms;
  readonly #env: RemoteKeysEnv;

  constructor(kms: RemoteKms, env: RemoteKeysEnv) {
    this.#kms = kms;
    this.#env = env;
  }

  async describe(named: string): Promise<KeyFacts> {
    const { KeyMetadata } = await this.#call('DescribeKey', { KeyId: named });
    const { Arn, KeyState } = record(KeyMetadata);
    return { arn: text(Arn), isEnabled: KeyState === 'Enabled' };
  }

  async generateDataKey(keyArn: string, context: EncryptionContext): Promise<GeneratedKey> {
    const input = { KeyId: keyArn, KeySpec: 'AES_256', EncryptionContext: context };
    const { KeyId, Plaintext, CiphertextBlob } = await this.#call('GenerateDataKey', input);
    return { arn: text(KeyId), secret: secretIn(Plaintext), wrapped: blob(CiphertextBlob) };
  }

  async decrypt(wrapped: Buffer, context: EncryptionContext): Promise<{ arn: string; secret: Buffer }> {
    const input = { CiphertextBlob: wrapped.toString('base64'), EncryptionContext: context };
    const { KeyId, Plaintext } = await this.#call('Decrypt', input);
    return { arn: text(KeyId), secret: secretIn(Plaintext) };
  }

  async #call(operation: string, input: object): Promise<Record<string, unknown>> {
    const body = JSON.stringify(input);
    for (let nth = 1; ; nth++) {
      const outcome = await this.#try(operation, body);
      if (!(outcome instanceof KeyError)) return outcome;
      if (nth === triesMax || (outcome.code !== 'throttled' && outcome.code !== 'unavailable')) throw outcome;
      await this.#env.clock.sleep(this.#pauseAfter(nth));
    }
  }

  async #try(operation: string, body: string): Promise<Record<string, unknown> | KeyError> {
    const { url, region, credentials } = this.#kms;
    const { host, pathname } = new URL(url);
    const headers = {
      host,
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `TrentService.${operation}`,
    };
    const scope = { region, service: 'kms' };
    const unsigned = { method: 'POST', target: pathname, headers, body };
    const signed = signedHeaders(unsigned, credentials, scope, this.#env.clock.now());
    try {
      return read(url, await this.#send({ method: 'POST', url, headers: signed, body }));
    } catch (error) {
      return new KeyError(`The key service at ${url} cannot be asked: ${(error as Error).message}`);
    }
  }

  async #send(request: Parameters<HttpClient['send']>[0]): Promise<ClientAnswer> {
    const answered = new AbortController();
    const late = new AbortController();
    const patience = this.#env.clock.sleep(timeoutMs, answered.signal);
    detached(
      patience.then(() => late.abort(new Error(`no answer within ${timeoutMs} ms`))),
      unthinkable,
    );
    try {
      return await this.#env.client.send(request, late.signal);
    } finally {
      answered.abort();
    }
  }

  /** Between half of a doubling pause and all of it, so that threads and servers do not come together. */
  #pauseAfter(tries: number): Millis {
    const pause = firstPauseMs * 2 ** (tries - 1);
    return pause / 2 + (pause / 2) * (this.#env.random.bytes(1)[0]! / 256);
  }
}

const triesMax = 4;
const timeoutMs: Millis = 5_000;
const firstPauseMs: Millis = 100;

/** What an answer says, or why the key is not to be had. Throws when it is no answer of a KMS. */
function read(url: string, { status, body }: ClientAnswer): Record<string, unknown> | KeyError {
  if (status === 200) return record(JSON.parse(String(body)));
  let said: Record<string, unknown> = {};
  try {
    said = record(JSON.parse(String(body)));
  } catch {
    // A proxy in between answers in its own words.
  }
  const type = String(said['__type'] ?? '').replace(/^.*#/, '');
  // Their own words may repeat what was signed, a session token among it.
  if (strangers.has(type))
    return new KeyError(`The key service at ${url} does not accept the credentials of --kms: ${type}`);
  const message = said['message'] ?? said['Message'];
  const code = status >= 500 ? 'unavailable' : (troubles[type] ?? 'unavailable');
  return new KeyError(
    typeof message === 'string' ? message : `The key service answered ${status} ${type}`,
    code,
  );
}

/** The errors of GenerateDataKey, Decrypt and DescribeKey (AWS KMS API reference). */
const troubles: Readonly<Record<string, KeyTrouble>> = {
  AccessDeniedException: 'denied',
  DisabledException: 'disabled',
  IncorrectKeyException: 'denied',
  InvalidCiphertextException: 'denied',
  InvalidKeyUsageException: 'denied',
  KMSInvalidStateException: 'pending deletion',
  LimitExceededException: 'throttled',
  NotFoundException: 'missing',
  ThrottlingException: 'throttled',
};

/** What is said of a signature or its key (AWS KMS API reference, "Common Errors"). */
const strangers: ReadonlySet<string> = new Set([
  ...['ExpiredTokenException', 'IncompleteSignature', 'IncompleteSignatureException', 'InvalidClientTokenId'],
  ...['InvalidSignatureException', 'MissingAuthenticationToken', 'MissingAuthenticationTokenException'],
  ...['NotAuthorized', 'OptInRequired', 'RequestExpired', 'SignatureDoesNotMatch'],
  'UnrecognizedClientException',
]);

function record(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw new Error('its answer is not what a KMS answers');
}

function text(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new KeyError('The key service has left out what it was asked for.');
}

function blob(value: unknown): Buffer {
  return Buffer.from(text(value), 'base64');
}

function secretIn(value: unknown): Buffer {
  const secret = blob(value);
  if (secret.length === 32) return secret;
  throw new KeyError('The key service has answered a key of another length than 32 bytes.');
}
