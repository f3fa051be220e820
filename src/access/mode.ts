import { StartError } from '../env/start-error.ts';
import { type PlaceOptions, placesOf } from '../http/places.ts';
import type { IdentityState } from './identity/state.ts';

/** The options that say whether callers have to prove who they are. */
export type ModeOptions = PlaceOptions & {
  /** Undefined leaves it to the others. */
  readonly auth: 'required' | 'open' | undefined;
  /** Path of a credentials file. */
  readonly credentials: string | undefined;
};

/**
 * Whether signatures are verified: when that is asked for, when there is someone to be known by them, and
 * whenever other machines can call. Throws `StartError` when everyone is to be let in and others can call.
 */
export function verifiesSignatures(options: ModeOptions, identity: IdentityState): boolean {
  const { auth, credentials } = options;
  const exposed = exposedHost(options);
  if (auth === 'open') {
    if (credentials !== undefined) throw new StartError('--auth open and --credentials exclude each other');
    if (exposed === undefined) return false;
    throw new StartError(`--auth open lets everyone in: on loopback only, not on ${exposed}`);
  }
  const isExpected = auth === 'required' || credentials !== undefined || exposed !== undefined;
  return isExpected || hasRootUser(identity);
}

/** Whether there is a key of the root user of any account, inactive or not. */
export function hasRootUser({ accessKeys }: IdentityState): boolean {
  return accessKeys.values().some(({ user }) => user === null);
}

/**
 * The first host that other machines may reach; undefined when there are none. Unix sockets are this one's.
 */
export function exposedHost(options: PlaceOptions): string | undefined {
  return placesOf(options).ports.find(({ host }) => !isLoopback(host))?.host;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
