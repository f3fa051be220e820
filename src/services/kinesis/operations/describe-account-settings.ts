import { accountKeyOf } from '../../../catalog/state.ts';
import { operation } from '../../../rpc/operation.ts';
import { structure } from '../../../wire/shape.ts';
import { commitmentOutput, viewCommitment } from '../parts/commitment.ts';

export const describeAccountSettings = operation({
  name: 'DescribeAccountSettings',
  summary: 'Tells whether the account has committed to a minimum of throughput.',
  rate: { perSecond: 5, per: 'account' },
  input: structure('DescribeAccountSettingsInput', {}),
  output: structure('DescribeAccountSettingsOutput', {
    MinimumThroughputBillingCommitment: commitmentOutput,
  }),
  async handle({ catalog, clock }, _, caller) {
    const settings = catalog.state.accounts.get(accountKeyOf(caller));
    return { MinimumThroughputBillingCommitment: viewCommitment(settings, clock.now()) };
  },
});
