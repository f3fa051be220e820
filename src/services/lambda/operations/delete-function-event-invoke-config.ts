import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { requireSettings, withAsynchronous } from '../parts/asynchronous.ts';
import { requireFunction } from '../parts/found.ts';
import { functionArn } from '../parts/function-arn.ts';
import { functionSaid } from '../parts/function-change.ts';
import { functionNamed } from '../parts/function-name.ts';
import { functionName, qualifier } from '../parts/shapes.ts';

export const deleteFunctionEventInvokeConfig = operation({
  name: 'DeleteFunctionEventInvokeConfig',
  summary: 'Has invocations that nobody waits for be tried as by default.',
  runs: 'owner',
  input: structure('DeleteFunctionEventInvokeConfigRequest', {
    FunctionName: required(functionName),
    Qualifier: qualifier,
  }),
  output: undefined,
  prepare: (world, { FunctionName, Qualifier }, caller) => {
    const target = functionNamed(FunctionName, caller, Qualifier);
    return {
      resource: functionArn(target),
      run: async () => {
        await world.opened().journal.commit((state) => {
          requireSettings(state, target);
          return [functionSaid(withAsynchronous(requireFunction(state, target), target, undefined))];
        });
      },
    };
  },
});
