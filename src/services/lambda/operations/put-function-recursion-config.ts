import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { functionArn } from '../parts/function-arn.ts';
import { changeFunction } from '../parts/function-change.ts';
import { wholeFunctionNamed } from '../parts/function-name.ts';
import { functionName, recursiveLoop } from '../parts/shapes.ts';

export const putFunctionRecursionConfig = operation({
  name: 'PutFunctionRecursionConfig',
  summary: 'Says whether a function may call itself; it is only kept and answered.',
  runs: 'owner',
  input: structure('PutFunctionRecursionConfigRequest', {
    FunctionName: required(functionName),
    RecursiveLoop: required(recursiveLoop),
  }),
  output: structure('PutFunctionRecursionConfigResponse', { RecursiveLoop: recursiveLoop }),
  prepare: (world, { FunctionName, RecursiveLoop }, caller) => {
    const target = wholeFunctionNamed(FunctionName, caller);
    return {
      resource: functionArn(target),
      run: async () => {
        const recursion = RecursiveLoop === 'Allow' ? RecursiveLoop : undefined;
        await changeFunction(world, target, (found) => ({ ...found, recursion }));
        return { RecursiveLoop };
      },
    };
  },
});
