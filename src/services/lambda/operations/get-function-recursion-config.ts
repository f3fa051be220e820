import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { requireFunction } from '../parts/found.ts';
import { functionArn } from '../parts/function-arn.ts';
import { wholeFunctionNamed } from '../parts/function-name.ts';
import { functionName, recursiveLoop } from '../parts/shapes.ts';

export const getFunctionRecursionConfig = operation({
  name: 'GetFunctionRecursionConfig',
  summary: 'Answers what was said of a function that calls itself; nothing is done about it.',
  runs: 'owner',
  input: structure('GetFunctionRecursionConfigRequest', { FunctionName: required(functionName) }),
  output: structure('GetFunctionRecursionConfigResponse', { RecursiveLoop: recursiveLoop }),
  prepare: (world, { FunctionName }, caller) => {
    const target = wholeFunctionNamed(FunctionName, caller);
    return {
      resource: functionArn(target),
      run: async () => {
        const { recursion } = requireFunction(world.opened().journal.state, target);
        return { RecursiveLoop: recursion ?? ('Terminate' as const) };
      },
    };
  },
});
