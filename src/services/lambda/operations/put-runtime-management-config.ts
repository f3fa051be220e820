import { required, string, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { requireQualified } from '../parts/found.ts';
import { functionArn } from '../parts/function-arn.ts';
import { functionSaid } from '../parts/function-change.ts';
import { functionNamed } from '../parts/function-name.ts';
import { updatesOf, viewUpdates, withUpdates } from '../parts/runtime-updates.ts';
import { functionName, qualifier, updateRuntimeOn } from '../parts/shapes.ts';
import type { FunctionRecord } from '../state/lambda-state.ts';

export const putRuntimeManagementConfig = operation({
  name: 'PutRuntimeManagementConfig',
  summary: 'Says when the runtime of a function is updated; it is only kept and answered.',
  runs: 'owner',
  input: structure('PutRuntimeManagementConfigRequest', {
    FunctionName: required(functionName),
    UpdateRuntimeOn: required(updateRuntimeOn),
    Qualifier: qualifier,
    RuntimeVersionArn: string({ min: 26, max: 2048 }),
  }),
  output: structure('PutRuntimeManagementConfigResponse', {
    UpdateRuntimeOn: required(updateRuntimeOn),
    FunctionArn: required(string()),
    RuntimeVersionArn: string(),
  }),
  prepare: (world, { FunctionName, UpdateRuntimeOn, Qualifier, RuntimeVersionArn }, caller) => {
    const target = functionNamed(FunctionName, caller, Qualifier);
    return {
      resource: functionArn(target),
      run: async () => {
        const updates = updatesOf(UpdateRuntimeOn, RuntimeVersionArn);
        let changed: FunctionRecord | undefined;
        await world.opened().journal.commit((state) => {
          changed = withUpdates(requireQualified(state, target), target, updates);
          return [functionSaid(changed)];
        });
        return viewUpdates(changed!, target);
      },
    };
  },
});
