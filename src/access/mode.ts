import { StartError } from '../env/start-error.ts';
import type { IdentityState } from './identity/state.ts';

/** The options that say whether callers have to prove who they are. */
export type ModeOptions = {
  /** Undefined leaves it to the others. */
  readonly auth: 'required' | 'open' | undefined;
  /** Path of a credentials file. */
  readonly credentials: string | undefined;
  readonly host: string;
};

/**
 * Whether signatures are verified: when that is asked for, when there is someone to be known by them, and
 * whenever other machines can call. Throws `StartError` when everyone is to be let in and others can call.
 */
export function verifiesSignatures(
  { auth, credentials, host }: ModeOptions,
  { accessKeys }: IdentityState,
): boolean {
  if (auth === 'open') {
    if (credentials !== undefined) throw new StartError('--auth open and --credentials exclude each other');
    if (!isLoopback(host))
      throw new StartError(`--auth open lets everyone in: not on ${host}, only on loopback`);
    return false;
  }
  const isExpected = auth === 'required' || credentials !== undefined || !isLoopback(host);
  return isExpected || [...accessKeys.values()].some(({ user }) => user === null);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
