import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { asynchronousConfig, requireSettings, viewAsynchronous } from '../parts/asynchronous.ts';
import { functionArn } from '../parts/function-arn.ts';
import { functionNamed } from '../parts/function-name.ts';
import { functionName, qualifier } from '../parts/shapes.ts';

export const getFunctionEventInvokeConfig = operation({
  name: 'GetFunctionEventInvokeConfig',
  summary: 'Answers what was said of invocations that nobody waits for.',
  runs: 'owner',
  input: structure('GetFunctionEventInvokeConfigRequest', {
    FunctionName: required(functionName),
    Qualifier: qualifier,
  }),
  output: asynchronousConfig,
  prepare: (world, { FunctionName, Qualifier }, caller) => {
    const target = functionNamed(FunctionName, caller, Qualifier);
    return {
      resource: functionArn(target),
      run: async () => viewAsynchronous(target, requireSettings(world.opened().journal.state, target)),
    };
  },
});
