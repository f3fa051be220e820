import { Bounded } from '../env/bounded.ts';
import type { Clock } from '../env/clock.ts';
import type { Recognize } from '../env/network.ts';
import { StartError } from '../env/start-error.ts';
import { readUserFile } from '../env/user-file.ts';
import { type PlaceOptions, placesOf } from '../http/places.ts';
import type { Authenticate, Caller } from './caller.ts';
import { type Credentials, parseCredentials } from './credentials.ts';
import { profileCaller } from './profile-caller.ts';
import { createGlance, createVerifier, type Glance, type Verified } from './sigv4/sigv4.ts';

/**
 * The text of the credentials file, which was checked; undefined without one. Without credentials every
 * caller may do anything, so only this machine may call.
 */
export async function loadCredentials(
  options: Pick<GateOptions, 'credentials'> & PlaceOptions,
): Promise<string | undefined> {
  const { credentials: path } = options;
  if (path === undefined) {
    const host = exposedHost(options);
    if (host === undefined) return undefined;
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

/** The options that say which callers are let in. */
type GateOptions = {
  /** Path of an AWS shared-credentials file. Without one, any well-formed signature is accepted. */
  readonly credentials: string | undefined;
  /** The only region served; undefined serves whichever region a request is signed for. */
  readonly region: string | undefined;
  /** For users whose profile names none. */
  readonly account: string;
};

type Rules = Pick<GateOptions, 'region' | 'account'>;

/**
 * The first host that other machines may reach; undefined when there are none. Unix sockets are of this one.
 */
export function exposedHost(options: PlaceOptions): string | undefined {
  return placesOf(options).ports.find(({ host }) => !isLoopback(host))?.host;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** The gate of a server: decides which callers get in. The users may change while it runs. */
export class Gate {
  readonly #options: Rules;
  readonly #clock: Clock;
  readonly #scopes: readonly string[];
  #authenticate: Authenticate;
  #glance: Glance;

  /**
   * `credentials` is the text of a credentials file; without one, signatures only have to be well-formed.
   * `scopes` are the services that are served, as signatures name them.
   */
  constructor(credentials: string | undefined, options: Rules, clock: Clock, scopes: readonly string[]) {
    this.#options = options;
    this.#clock = clock;
    this.#scopes = scopes;
    [this.#authenticate, this.#glance] = checksFor(credentials, options, scopes);
  }

  readonly authenticate: Authenticate = (request, headers, now, services, sha256) =>
    this.#authenticate(request, headers, now, services, sha256);

  readonly recognize: Recognize = (head) => this.#glance(head, this.#clock.now());

  /** From the next request on, the users are those in this text. */
  admit(credentials: string): void {
    [this.#authenticate, this.#glance] = checksFor(credentials, this.#options, this.#scopes);
  }
}

/** The checks for a credentials file's text; without one, signatures only have to be well-formed. */
function checksFor(
  text: string | undefined,
  { region, account }: Rules,
  services: readonly string[],
): [authenticate: Authenticate, glance: Glance] {
  const credentials: Credentials | undefined = text === undefined ? undefined : parseCredentials(text);
  const rules = { keys: credentials, regions: region === undefined ? undefined : [region], services };
  const verify = createVerifier(rules);
  const callers = new Bounded<string, Caller>(callersMax);
  const authenticate: Authenticate = (request, headers, now, services, sha256) => {
    const verified = verify(request, headers, now, services, sha256);
    const name = `${verified.region}/${verified.accessKeyId}`;
    const caller = callers.get(name) ?? callerOf(verified);
    callers.set(name, caller);
    return caller;
  };
  const callerOf = (verified: Verified): Caller => {
    const user = credentials?.find(verified.accessKeyId);
    const kind = user === undefined ? 'anyone' : 'profile';
    return profileCaller(verified, user?.account ?? account, user?.user ?? verified.accessKeyId, kind);
  };
  return [authenticate, createGlance(rules)];
}

/** Callers that are kept: what follows from an access key and a region is worked out once. */
const callersMax = 10_000;
