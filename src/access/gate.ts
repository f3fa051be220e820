import type { Clock } from '../env/clock.ts';
import type { Recognize } from '../env/network.ts';
import { StartError } from '../env/start-error.ts';
import { readUserFile } from '../env/user-file.ts';
import type { Authenticate } from '../rpc/dispatch.ts';
import type { ServerOptions } from '../server/options.ts';
import { type Credentials, parseCredentials } from './credentials.ts';
import { createGlance, createVerifier, type Glance } from './sigv4/sigv4.ts';

/**
 * The text of the credentials file, which is good; undefined without one. Without credentials anybody may do
 * anything, so only this machine may ask.
 */
export async function loadCredentials({
  credentials: path,
  host,
}: ServerOptions): Promise<string | undefined> {
  if (path === undefined) {
    if (isLoopback(host)) return undefined;
    throw new StartError(`without --credentials only a loopback address can be served, not ${host}`);
  }
  try {
    const text = String(await readUserFile(path));
    parseCredentials(text);
    return text;
  } catch (error) {
    throw new StartError(`cannot read the credentials in ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** The gate of a server: who may call, which may be changed while it stands. */
export class Gate {
  readonly #options: ServerOptions;
  readonly #clock: Clock;
  #authenticate: Authenticate;
  #glance: Glance;

  /** `credentials` is the text of a credentials file; without one, signatures only have to be well-formed. */
  constructor(credentials: string | undefined, options: ServerOptions, clock: Clock) {
    this.#options = options;
    this.#clock = clock;
    [this.#authenticate, this.#glance] = checksFor(credentials, options);
  }

  readonly authenticate: Authenticate = (request, headers, now, sha256) =>
    this.#authenticate(request, headers, now, sha256);

  readonly recognize: Recognize = (head) => this.#glance(head, this.#clock.now());

  /** From the next request on, the users in this text are those who may call. */
  admit(credentials: string): void {
    [this.#authenticate, this.#glance] = checksFor(credentials, this.#options);
  }
}

/** Verifies signatures by the text of a credentials file; without one, that they are well-formed. */
function checksFor(
  text: string | undefined,
  { region, account }: ServerOptions,
): [authenticate: Authenticate, glance: Glance] {
  const credentials: Credentials | undefined = text === undefined ? undefined : parseCredentials(text);
  const rules = { keys: credentials, regions: region === undefined ? undefined : [region] };
  const verify = createVerifier(rules);
  const authenticate: Authenticate = (request, headers, now, sha256) => {
    const verified = verify(request, now, headers, sha256);
    const user = credentials?.find(verified.accessKeyId);
    return {
      account: user?.account ?? account,
      region: verified.region,
      user: user?.user ?? verified.accessKeyId,
    };
  };
  return [authenticate, createGlance(rules)];
}
