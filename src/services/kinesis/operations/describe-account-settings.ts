import { accountKeyOf } from '../../../catalog/state.ts';
import { structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { commitmentOutput, viewCommitment } from '../parts/commitment.ts';
import { onAccount } from '../parts/prepare.ts';

export const describeAccountSettings = operation({
  name: 'DescribeAccountSettings',
  summary: 'Tells whether the account has committed to a minimum of throughput.',
  runs: 'owner',
  rate: { perSecond: 5, per: 'account' },
  input: structure('DescribeAccountSettingsInput', {}),
  output: structure('DescribeAccountSettingsOutput', {
    MinimumThroughputBillingCommitment: commitmentOutput,
  }),
  prepare: ({ catalog, clock }, _, caller) =>
    onAccount(async () => {
      const settings = catalog.state.accounts.get(accountKeyOf(caller));
      return { MinimumThroughputBillingCommitment: viewCommitment(settings, clock.now()) };
    }),
});
