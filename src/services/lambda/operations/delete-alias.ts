import { required, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { keyWithin } from '../parts/found.ts';
import { functionArn } from '../parts/function-arn.ts';
import { functionSaid } from '../parts/function-change.ts';
import { wholeFunctionNamed } from '../parts/function-name.ts';
import { aliasName, functionName } from '../parts/shapes.ts';
import { functionKeyOf } from '../state/lambda-state.ts';

export const deleteAlias = operation({
  name: 'DeleteAlias',
  summary: 'Takes a name off a version of a function; does nothing where there is none.',
  runs: 'owner',
  input: structure('DeleteAliasRequest', { FunctionName: required(functionName), Name: required(aliasName) }),
  output: undefined,
  prepare: (world, { FunctionName, Name }, caller) => {
    const target = wholeFunctionNamed(FunctionName, caller);
    return {
      resource: functionArn(target),
      run: async () => {
        await world.opened().journal.commit((state) => {
          const key = keyWithin(target, Name);
          const found = state.get('function', functionKeyOf(target));
          if (found === undefined || state.get('alias', key) === undefined) return [];
          const { [Name]: _, ...policies } = found.policies;
          return [{ kind: 'forgotten', of: 'alias', key }, functionSaid({ ...found, policies })];
        });
      },
    };
  },
});
