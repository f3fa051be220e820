import type { Operation } from '../../rpc/operation.ts';
import { string, structure } from '../../wire/shape.ts';

const input = structure('GetCallerIdentityRequest', {});
// In the order in which AWS answers them (STS API reference, GetCallerIdentity, example).
const output = structure('GetCallerIdentityResponse', { Arn: string(), UserId: string(), Account: string() });

/** Any caller may ask, whatever else it is allowed. */
export const getCallerIdentity: Operation<unknown, typeof input, typeof output> = {
  name: 'GetCallerIdentity',
  summary: 'Tells the account and the user that a request is signed by.',
  runs: 'here',
  input,
  output,
  prepare: (_, __, caller) => ({
    resource: '*',
    run: async () => ({ Arn: caller.arn, UserId: caller.userId, Account: caller.account }),
  }),
};
