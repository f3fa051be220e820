import type { Caller } from '../../../access/caller.ts';
import type { LambdaState } from '../state/lambda-state.ts';
import { functionsOf } from './found.ts';

/** How many invocations run at once in an account and a region, and how many no function may reserve. */
export const concurrencyMax = 1000;
export const unreservedMin = 100;

/** What functions have reserved, all together. */
export function reservedIn(state: LambdaState, of: Pick<Caller, 'account' | 'region'>): number {
  return functionsOf(state, of).reduce((sum, { reserved = 0 }) => sum + reserved, 0);
}
