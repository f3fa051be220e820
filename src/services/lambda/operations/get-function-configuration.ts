import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { configurationOf } from '../parts/configuration.ts';
import { functionConfiguration } from '../parts/configuration-shape.ts';
import { requireVersion } from '../parts/found.ts';
import { functionArn } from '../parts/function-arn.ts';
import { functionNamed } from '../parts/function-name.ts';
import { functionName, qualifier } from '../parts/shapes.ts';

export const getFunctionConfiguration = operation({
  name: 'GetFunctionConfiguration',
  summary: 'Answers the configuration of a function or of one of its versions.',
  runs: 'owner',
  input: structure('GetFunctionConfigurationRequest', {
    FunctionName: required(functionName),
    Qualifier: qualifier,
  }),
  output: functionConfiguration,
  prepare: (world, { FunctionName, Qualifier }, caller) => {
    const target = functionNamed(FunctionName, caller, Qualifier);
    return {
      resource: functionArn(target),
      run: async () => configurationOf({ target, ...requireVersion(world.opened().journal.state, target) }),
    };
  },
});
