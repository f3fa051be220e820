import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { functionArn } from '../parts/function-arn.ts';
import { changeFunction } from '../parts/function-change.ts';
import { functionNamed } from '../parts/function-name.ts';
import { functionName } from '../parts/shapes.ts';
import { requireUnqualified } from '../parts/version.ts';

export const deleteFunctionConcurrency = operation({
  name: 'DeleteFunctionConcurrency',
  summary: 'Gives back what was reserved for a function.',
  runs: 'owner',
  input: structure('DeleteFunctionConcurrencyRequest', { FunctionName: required(functionName) }),
  output: undefined,
  prepare: (world, { FunctionName }, caller) => {
    const target = functionNamed(FunctionName, caller);
    return {
      resource: functionArn({ ...target, qualifier: undefined }),
      run: async () => {
        requireUnqualified(target);
        await changeFunction(world, target, ({ reserved: _, ...found }) => found);
      },
    };
  },
});
