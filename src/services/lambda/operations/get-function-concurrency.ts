import { integer, required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { requireFunction } from '../parts/found.ts';
import { functionArn } from '../parts/function-arn.ts';
import { wholeFunctionNamed } from '../parts/function-name.ts';
import { functionName } from '../parts/shapes.ts';

export const getFunctionConcurrency = operation({
  name: 'GetFunctionConcurrency',
  summary: 'Answers how many invocations at once are reserved for a function.',
  runs: 'owner',
  input: structure('GetFunctionConcurrencyRequest', { FunctionName: required(functionName) }),
  output: structure('GetFunctionConcurrencyResponse', { ReservedConcurrentExecutions: integer() }),
  prepare: (world, { FunctionName }, caller) => {
    const target = wholeFunctionNamed(FunctionName, caller);
    return {
      resource: functionArn(target),
      run: async () => {
        const { reserved } = requireFunction(world.opened().journal.state, target);
        return { ReservedConcurrentExecutions: reserved };
      },
    };
  },
});
