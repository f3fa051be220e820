import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { asynchronousConfig, asynchronousMembers, sayAsynchronous } from '../parts/asynchronous.ts';
import { functionArn } from '../parts/function-arn.ts';
import { functionNamed } from '../parts/function-name.ts';
import { functionName, qualifier } from '../parts/shapes.ts';

export const putFunctionEventInvokeConfig = operation({
  name: 'PutFunctionEventInvokeConfig',
  summary: 'Says how often, and how long, invocations that nobody waits for are tried again.',
  runs: 'owner',
  input: structure('PutFunctionEventInvokeConfigRequest', {
    FunctionName: required(functionName),
    Qualifier: qualifier,
    ...asynchronousMembers,
  }),
  output: asynchronousConfig,
  prepare: (world, request, caller) => {
    const target = functionNamed(request.FunctionName, caller, request.Qualifier);
    return {
      resource: functionArn(target),
      run: () => sayAsynchronous(world, target, request, () => ({})),
    };
  },
});
