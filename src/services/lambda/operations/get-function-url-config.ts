import { required, structure } from '../../../wire/shape.ts';
import { notFound } from '../errors.ts';
import { operation } from '../operation.ts';
import { functionArn } from '../parts/function-arn.ts';
import { functionNamed } from '../parts/function-name.ts';
import { functionName, qualifier, urlMembers } from '../parts/shapes.ts';

export const getFunctionUrlConfig = operation({
  name: 'GetFunctionUrlConfig',
  summary: 'Answers that a function has no URL of its own: none can be made here.',
  runs: 'owner',
  input: structure('GetFunctionUrlConfigRequest', {
    FunctionName: required(functionName),
    Qualifier: qualifier,
  }),
  output: structure('GetFunctionUrlConfigResponse', urlMembers),
  prepare: (_, { FunctionName, Qualifier }, caller) => {
    const target = functionNamed(FunctionName, caller, Qualifier);
    return {
      resource: functionArn(target),
      run: async () => {
        throw notFound('The resource you requested does not exist.');
      },
    };
  },
});
