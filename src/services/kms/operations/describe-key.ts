import { kinesisAlias, kinesisKey } from '../../../access/keys/new-key.ts';
import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { callContext } from '../parts/call-context.ts';
import { checkCrypto } from '../parts/crypto-request.ts';
import { keyOf, targetOf } from '../parts/key-target.ts';
import { viewKey } from '../parts/key-view.ts';
import { grantTokens, keyId, keyMetadata } from '../parts/shapes.ts';

export const describeKey = operation({
  name: 'DescribeKey',
  summary: 'Tells about a key, also by an alias; alias/aws/kinesis is there when it is first described.',
  // The owner alone makes keys.
  runs: 'owner',
  input: structure('DescribeKeyRequest', { KeyId: required(keyId), GrantTokens: grantTokens }),
  output: structure('DescribeKeyResponse', { KeyMetadata: keyMetadata }),
  prepare: (world, request, caller) => {
    const target = targetOf(world.keys.state, request.KeyId, caller);
    const { name, key } = target;
    const isFirstUse =
      key === undefined &&
      name.kind === 'alias' &&
      name.name === kinesisAlias &&
      name.account === caller.account;
    return {
      resource: target.arn,
      named: target.named,
      context: callContext(world.keys.state, target, caller, {}),
      run: async () => {
        checkCrypto({ GrantTokens: request.GrantTokens });
        return { KeyMetadata: viewKey(isFirstUse ? await kinesisKey(world, caller) : keyOf(target)) };
      },
    };
  },
});
