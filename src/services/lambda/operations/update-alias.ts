import { uuid } from '../../../env/random.ts';
import { required, structure } from '../../../wire/shape.ts';
import { notFound } from '../errors.ts';
import { operation } from '../operation.ts';
import { aliasSaid, requireVersions, viewAlias, weightsOf } from '../parts/alias.ts';
import { keyWithin, requireFunction } from '../parts/found.ts';
import { functionArn } from '../parts/function-arn.ts';
import { requireRevision } from '../parts/function-change.ts';
import { wholeFunctionNamed } from '../parts/function-name.ts';
import {
  aliasConfiguration,
  aliasName,
  aliasRouting,
  description,
  functionName,
  revisionId,
  versionNumber,
} from '../parts/shapes.ts';
import type { AliasRecord } from '../state/lambda-state.ts';

export const updateAlias = operation({
  name: 'UpdateAlias',
  summary: 'Has an alias of a function lead elsewhere.',
  runs: 'owner',
  input: structure('UpdateAliasRequest', {
    FunctionName: required(functionName),
    Name: required(aliasName),
    FunctionVersion: versionNumber,
    Description: description,
    RoutingConfig: aliasRouting,
    RevisionId: revisionId,
  }),
  output: aliasConfiguration,
  prepare: (world, request, caller) => {
    const target = wholeFunctionNamed(request.FunctionName, caller);
    return {
      resource: functionArn(target),
      run: async () => {
        const { Name: name, RoutingConfig } = request;
        const weights = RoutingConfig && weightsOf(RoutingConfig);
        const revision = uuid(world.random);
        let alias: AliasRecord | undefined;
        await world.opened().journal.commit((state) => {
          const before = state.get('alias', keyWithin(target, name));
          const arn = functionArn({ ...target, qualifier: name });
          if (before === undefined) throw notFound(`Alias not found: ${arn}`);
          requireFunction(state, target);
          requireRevision(request.RevisionId, before);
          alias = {
            name,
            version: request.FunctionVersion ?? before.version,
            description: request.Description ?? before.description,
            weights: weights ?? before.weights,
            revision,
          };
          requireVersions(state, target, alias);
          return [aliasSaid(target, alias)];
        });
        return viewAlias(target, alias!);
      },
    };
  },
});
