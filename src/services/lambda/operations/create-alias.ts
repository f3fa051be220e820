import { uuid } from '../../../env/random.ts';
import { required, structure } from '../../../wire/shape.ts';
import { conflict } from '../errors.ts';
import { operation } from '../operation.ts';
import { aliasSaid, requireAliasName, requireVersions, viewAlias, weightsOf } from '../parts/alias.ts';
import { keyWithin, requireFunction } from '../parts/found.ts';
import { functionArn } from '../parts/function-arn.ts';
import { wholeFunctionNamed } from '../parts/function-name.ts';
import {
  aliasConfiguration,
  aliasName,
  aliasRouting,
  description,
  functionName,
  versionNumber,
} from '../parts/shapes.ts';
import type { AliasRecord } from '../state/lambda-state.ts';

export const createAlias = operation({
  name: 'CreateAlias',
  summary: 'Gives a version of a function a name, which may lead to a second version in some of all calls.',
  runs: 'owner',
  input: structure('CreateAliasRequest', {
    FunctionName: required(functionName),
    Name: required(aliasName),
    FunctionVersion: required(versionNumber),
    Description: description,
    RoutingConfig: aliasRouting,
  }),
  output: aliasConfiguration,
  prepare: (world, request, caller) => {
    const target = wholeFunctionNamed(request.FunctionName, caller);
    return {
      resource: functionArn(target),
      run: async () => {
        const { Name: name, FunctionVersion: version, Description: text = '', RoutingConfig } = request;
        requireAliasName(name);
        const weights = weightsOf(RoutingConfig ?? {});
        const alias: AliasRecord = {
          name,
          version,
          description: text,
          revision: uuid(world.random),
          weights,
        };
        await world.opened().journal.commit((state) => {
          // AWS names the version where there is no function.
          requireFunction(state, { ...target, qualifier: version });
          if (state.get('alias', keyWithin(target, name)) !== undefined) {
            throw conflict(`Alias already exists: ${functionArn({ ...target, qualifier: name })}`);
          }
          requireVersions(state, target, alias);
          return [aliasSaid(target, alias)];
        });
        return viewAlias(target, alias);
      },
    };
  },
});
