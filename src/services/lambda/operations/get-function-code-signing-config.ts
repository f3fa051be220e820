import { required, string, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { requireFunction } from '../parts/found.ts';
import { functionArn } from '../parts/function-arn.ts';
import { wholeFunctionNamed } from '../parts/function-name.ts';
import { functionName } from '../parts/shapes.ts';

export const getFunctionCodeSigningConfig = operation({
  name: 'GetFunctionCodeSigningConfig',
  summary: 'Answers that the code of a function need not be signed.',
  runs: 'owner',
  input: structure('GetFunctionCodeSigningConfigRequest', { FunctionName: required(functionName) }),
  output: structure('GetFunctionCodeSigningConfigResponse', {
    CodeSigningConfigArn: string(),
    FunctionName: string(),
  }),
  prepare: (world, { FunctionName }, caller) => {
    const target = wholeFunctionNamed(FunctionName, caller);
    return {
      resource: functionArn(target),
      run: async () => {
        requireFunction(world.opened().journal.state, target);
        // AWS's answer for a function without one.
        return {};
      },
    };
  },
});
