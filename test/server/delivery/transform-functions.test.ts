import assert from 'node:assert/strict';
import { test } from 'node:test';
import { transformFunctions } from '../../../src/server/delivery/transform-functions.ts';
import { ServiceError } from '../../../src/wire/service-error.ts';

const arn = 'arn:aws:lambda:us-east-1:000000000000:function:f';

test('how a function failed is said in the words of Lambda, which error records have in those of Firehose', async () => {
  const codes: string[] = [];
  for (const failure of [
    'TooManyRequestsException',
    'ResourceNotFoundException',
    'ServiceException',
    undefined,
  ])
    codes.push(await codeOf(failure));
  assert.deepEqual(codes, [
    'TooManyRequestsException',
    'ResourceNotFoundException',
    'ServiceException',
    'FunctionError',
  ]);
});

async function codeOf(failure: string | undefined): Promise<string> {
  const functions = transformFunctions({
    authorizer: undefined,
    identity: {
      get state(): never {
        throw new Error('nobody is asked');
      },
    },
    open: async () => {
      if (failure !== undefined) throw new ServiceError(failure, 'no', 429);
      return {
        journal: {
          get state(): never {
            throw new Error('nobody is asked');
          },
        },
        functions: {
          invoke: async () => ({
            ...{ requestId: 'r', executedVersion: '1', payload: Buffer.from('{}'), took: 1 },
            ...{ functionError: 'Unhandled', logTail: Buffer.alloc(0) },
          }),
        },
      };
    },
  });
  const answer = await functions.invoke(arn, 'r', Buffer.from('{}'), new AbortController().signal);
  assert.equal(answer.kind, 'failed');
  return answer.kind === 'failed' ? answer.code : '';
}
