import { uuid } from '../../../env/random.ts';
import { required, structure, type TypeOf } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { changedConfiguration } from '../parts/configuration.ts';
import { functionConfiguration } from '../parts/configuration-shape.ts';
import { functionArn } from '../parts/function-arn.ts';
import { changeFunction, requireRevision } from '../parts/function-change.ts';
import { codeOf, requireProgram } from '../parts/function-code.ts';
import { wholeFunctionNamed } from '../parts/function-name.ts';
import { latest } from '../parts/latest.ts';
import { passing, requireAssumable } from '../parts/role.ts';
import { requireServedSettings, settingsAfter, settingsMembers } from '../parts/settings-request.ts';
import { functionName, revisionId } from '../parts/shapes.ts';
import type { FunctionRecord } from '../state/lambda-state.ts';
import type { LambdaWorld } from '../world.ts';

const input = structure('UpdateFunctionConfigurationRequest', {
  FunctionName: required(functionName),
  ...settingsMembers,
  RevisionId: revisionId,
});

type Request = TypeOf<typeof input>;

export const updateFunctionConfiguration = operation({
  name: 'UpdateFunctionConfiguration',
  summary: 'Changes the settings of a function; what is not said stays as it was.',
  runs: 'owner',
  input,
  output: functionConfiguration,
  prepare: (world, request, caller) => {
    const target = wholeFunctionNamed(request.FunctionName, caller);
    const resource = functionArn(target);
    return {
      resource,
      permissions: passing('lambda:UpdateFunctionConfiguration', resource, request.Role, caller),
      run: async () => {
        requireServedSettings(request);
        if (request.Role !== undefined) requireAssumable(world, request.Role);
        const settings = await changeFunction(world, target, (found) => {
          requireRevision(request.RevisionId, found);
          return withSettings(world, found, request);
        });
        return changedConfiguration({ target, version: latest, settings });
      },
    };
  },
});

/** The variables may say that from now on something else runs. */
function withSettings(world: LambdaWorld, found: FunctionRecord, request: Request): FunctionRecord {
  const changed = settingsAfter(found, request);
  const zip = found.code.kind === 'zip' ? found.code : undefined;
  const code = request.Environment === undefined ? found.code : codeOf(world, changed.environment, zip);
  if (code.kind === 'zip') requireProgram(changed);
  return { ...changed, code, modifiedAt: world.clock.now(), revision: uuid(world.random) };
}
