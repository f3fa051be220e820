import { type AccountSettings, accountKeyOf } from '../../../catalog/state.ts';
import type { Millis } from '../../../env/clock.ts';
import { required, string, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { commitmentOutput, earliestEnd, holds, viewCommitment } from '../parts/commitment.ts';
import { onAccount } from '../parts/prepare.ts';
import { requireSettingsRoom } from '../parts/quota.ts';

export const updateAccountSettings = operation({
  name: 'UpdateAccountSettings',
  summary: 'Begins or ends the commitment to a minimum of throughput; it holds for 24 hours at least.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('UpdateAccountSettingsInput', {
    MinimumThroughputBillingCommitment: required(
      structure('MinimumThroughputBillingCommitmentInput', {
        Status: required(string({ values: ['ENABLED', 'DISABLED'] })),
      }),
    ),
  }),
  output: structure('UpdateAccountSettingsOutput', { MinimumThroughputBillingCommitment: commitmentOutput }),
  prepare: ({ catalog, clock }, request, caller) =>
    onAccount(async () => {
      const key = accountKeyOf(caller);
      const wanted = request.MinimumThroughputBillingCommitment.Status === 'ENABLED';
      const now = clock.now();
      const state = await catalog.commit((current) => {
        const before = current.accounts.get(key);
        const after = wanted ? committed(before, now) : uncommitted(before, now);
        if (after === before || after === undefined) return [];
        requireSettingsRoom(current, caller);
        return [{ kind: 'account-changed', key, account: after }];
      });
      return { MinimumThroughputBillingCommitment: viewCommitment(state.accounts.get(key), now) };
    }),
});

/** A commitment that holds continues, and an end that was set is lifted. */
function committed(before: AccountSettings | undefined, now: Millis): AccountSettings {
  if (before === undefined || !holds(before, now)) return { committedAt: now };
  return before.endsAt === undefined ? before : { committedAt: before.committedAt };
}

function uncommitted(before: AccountSettings | undefined, now: Millis): AccountSettings | undefined {
  if (before === undefined || before.endsAt !== undefined) return before;
  return { ...before, endsAt: Math.max(now, earliestEnd(before)) };
}
