import { ServiceError } from '../../../wire/service-error.ts';
import { required, string, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { accessKeyId } from '../parts/shapes.ts';

export const getAccessKeyInfo = operation({
  name: 'GetAccessKeyInfo',
  summary: 'Tells the account of an access key of a user or a root user.',
  input: structure('GetAccessKeyInfoRequest', { AccessKeyId: required(accessKeyId) }),
  output: structure('GetAccessKeyInfoResponse', { Account: string() }),
  prepare: ({ identity }, { AccessKeyId }, _caller) => ({
    resource: '*',
    async run() {
      const key = identity.state.accessKeys.get(AccessKeyId);
      if (key !== undefined) return { Account: key.account };
      throw new ServiceError('ValidationException', `The access key ${AccessKeyId} is not known.`);
    },
  }),
});
