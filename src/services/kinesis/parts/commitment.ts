import type { Caller } from '../../../access/caller.ts';
import { type AccountSettings, accountKeyOf, type CatalogState } from '../../../catalog/state.ts';
import type { Millis } from '../../../env/clock.ts';
import { required, string, structure, timestamp } from '../../../wire/shape.ts';

/**
 * An account's commitment to a minimum of throughput, as AWS shows it. At AWS it is about billing; here it
 * unlocks the same features.
 */
export const commitmentOutput = structure('MinimumThroughputBillingCommitmentOutput', {
  Status: required(string({ values: ['ENABLED', 'DISABLED', 'ENABLED_UNTIL_EARLIEST_ALLOWED_END'] })),
  StartedAt: timestamp(),
  EndedAt: timestamp(),
  EarliestAllowedEndAt: timestamp(),
});

/** Quotas and settings are those of an account in a region. */
export type Scope = Pick<Caller, 'account' | 'region'>;

/** Whether the commitment holds now. */
export function isCommitted(state: CatalogState, scope: Scope, now: Millis): boolean {
  const settings = state.accounts.get(accountKeyOf(scope));
  return settings !== undefined && holds(settings, now);
}

export function holds({ endsAt }: AccountSettings, now: Millis): boolean {
  return endsAt === undefined || now < endsAt;
}

/** A commitment lasts 24 hours at least (API reference, UpdateAccountSettings). */
export function earliestEnd({ committedAt }: AccountSettings): Millis {
  return committedAt + 24 * 3_600_000;
}

export function viewCommitment(settings: AccountSettings | undefined, now: Millis) {
  if (settings === undefined) return { Status: 'DISABLED' as const };
  const { committedAt: StartedAt, endsAt } = settings;
  const EarliestAllowedEndAt = earliestEnd(settings);
  if (endsAt === undefined) return { Status: 'ENABLED' as const, StartedAt, EarliestAllowedEndAt };
  if (now >= endsAt) return { Status: 'DISABLED' as const, StartedAt, EndedAt: endsAt };
  return { Status: 'ENABLED_UNTIL_EARLIEST_ALLOWED_END' as const, StartedAt, EarliestAllowedEndAt };
}
