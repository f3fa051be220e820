import { string, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';

/** Any caller may ask, whatever else it is allowed. */
export const getCallerIdentity = operation({
  name: 'GetCallerIdentity',
  summary: 'Tells the account and the user that a request is signed by.',
  input: structure('GetCallerIdentityRequest', {}),
  // In the order in which AWS answers them (STS API reference, GetCallerIdentity, example).
  output: structure('GetCallerIdentityResponse', { Arn: string(), UserId: string(), Account: string() }),
  prepare: (_, __, caller) => ({
    resource: '*',
    run: async () => ({ Arn: caller.arn, UserId: caller.userId, Account: caller.account }),
  }),
});
