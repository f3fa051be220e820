import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import {
  asynchronousConfig,
  asynchronousMembers,
  requireSettings,
  sayAsynchronous,
} from '../parts/asynchronous.ts';
import { functionArn } from '../parts/function-arn.ts';
import { functionNamed } from '../parts/function-name.ts';
import { functionName, qualifier } from '../parts/shapes.ts';

export const updateFunctionEventInvokeConfig = operation({
  name: 'UpdateFunctionEventInvokeConfig',
  summary: 'Changes some of what is said of invocations that nobody waits for.',
  runs: 'owner',
  input: structure('UpdateFunctionEventInvokeConfigRequest', {
    FunctionName: required(functionName),
    Qualifier: qualifier,
    ...asynchronousMembers,
  }),
  output: asynchronousConfig,
  prepare: (world, request, caller) => {
    const target = functionNamed(request.FunctionName, caller, request.Qualifier);
    return {
      resource: functionArn(target),
      run: () => sayAsynchronous(world, target, request, (state) => requireSettings(state, target)),
    };
  },
});
