import { required, string, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { requireQualified } from '../parts/found.ts';
import { functionArn } from '../parts/function-arn.ts';
import { functionNamed } from '../parts/function-name.ts';
import { viewUpdates } from '../parts/runtime-updates.ts';
import { functionName, qualifier, updateRuntimeOn } from '../parts/shapes.ts';

export const getRuntimeManagementConfig = operation({
  name: 'GetRuntimeManagementConfig',
  summary: 'Answers what was said of updates of the runtime; there are none here.',
  runs: 'owner',
  input: structure('GetRuntimeManagementConfigRequest', {
    FunctionName: required(functionName),
    Qualifier: qualifier,
  }),
  output: structure('GetRuntimeManagementConfigResponse', {
    UpdateRuntimeOn: updateRuntimeOn,
    FunctionArn: string(),
    RuntimeVersionArn: string(),
  }),
  prepare: (world, { FunctionName, Qualifier }, caller) => {
    const target = functionNamed(FunctionName, caller, Qualifier);
    return {
      resource: functionArn(target),
      run: async () => viewUpdates(requireQualified(world.opened().journal.state, target), target),
    };
  },
});
