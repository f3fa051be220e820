import type { Caller } from '../../../access/caller.ts';
import { integer, long, structure } from '../../../wire/shape.ts';
import { codeBytesMax, unzippedBytesMax, zipBytesMax } from '../code/code-store.ts';
import { operation } from '../operation.ts';
import { concurrencyMax, reservedIn } from '../parts/concurrency.ts';
import { functionsOf, versionsOf } from '../parts/found.ts';
import type { FunctionCode, LambdaState } from '../state/lambda-state.ts';

export const getAccountSettings = operation({
  name: 'GetAccountSettings',
  summary: 'Answers the limits of the account in the region, and what of them is used.',
  runs: 'owner',
  input: structure('GetAccountSettingsRequest', {}),
  output: structure('GetAccountSettingsResponse', {
    AccountLimit: structure('AccountLimit', {
      TotalCodeSize: long(),
      CodeSizeUnzipped: long(),
      CodeSizeZipped: long(),
      ConcurrentExecutions: integer(),
      UnreservedConcurrentExecutions: integer(),
    }),
    AccountUsage: structure('AccountUsage', { TotalCodeSize: long(), FunctionCount: long() }),
  }),
  prepare: (world, _, caller) => ({
    resource: '*',
    run: async () => {
      const { state } = world.opened().journal;
      return {
        AccountLimit: {
          TotalCodeSize: codeBytesMax,
          CodeSizeUnzipped: unzippedBytesMax,
          CodeSizeZipped: zipBytesMax,
          ConcurrentExecutions: concurrencyMax,
          UnreservedConcurrentExecutions: concurrencyMax - reservedIn(state, caller),
        },
        AccountUsage: usageOf(state, caller),
      };
    },
  }),
});

function usageOf(state: LambdaState, caller: Pick<Caller, 'account' | 'region'>) {
  const functions = functionsOf(state, caller);
  const versions = functions.flatMap((each) => versionsOf(state, each));
  const bytes = [...functions, ...versions].reduce((sum, { code }) => sum + bytesOf(code), 0);
  return { TotalCodeSize: bytes, FunctionCount: functions.length };
}

function bytesOf(code: FunctionCode): number {
  return code.kind === 'zip' ? code.bytes : 0;
}
