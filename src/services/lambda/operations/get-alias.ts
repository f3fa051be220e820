import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { requireAlias, viewAlias } from '../parts/alias.ts';
import { functionArn } from '../parts/function-arn.ts';
import { wholeFunctionNamed } from '../parts/function-name.ts';
import { aliasConfiguration, aliasName, functionName } from '../parts/shapes.ts';

export const getAlias = operation({
  name: 'GetAlias',
  summary: 'Answers where an alias of a function leads.',
  runs: 'owner',
  input: structure('GetAliasRequest', { FunctionName: required(functionName), Name: required(aliasName) }),
  output: aliasConfiguration,
  prepare: (world, { FunctionName, Name }, caller) => {
    const target = wholeFunctionNamed(FunctionName, caller);
    return {
      resource: functionArn(target),
      run: async () => viewAlias(target, requireAlias(world.opened().journal.state, target, Name)),
    };
  },
});
