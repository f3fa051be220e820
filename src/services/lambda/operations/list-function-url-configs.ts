import { list, required, string, structure } from '../../../wire/shape.ts';
import { notFound } from '../errors.ts';
import { operation } from '../operation.ts';
import { functionArn } from '../parts/function-arn.ts';
import { wholeFunctionNamed } from '../parts/function-name.ts';
import { functionName, marker, maxItems, urlMembers } from '../parts/shapes.ts';
import { functionKeyOf } from '../state/lambda-state.ts';

export const listFunctionUrlConfigs = operation({
  name: 'ListFunctionUrlConfigs',
  summary: 'Answers an empty list: functions have no URLs of their own here.',
  runs: 'owner',
  input: structure('ListFunctionUrlConfigsRequest', {
    FunctionName: required(functionName),
    Marker: marker,
    MaxItems: maxItems,
  }),
  output: structure('ListFunctionUrlConfigsResponse', {
    FunctionUrlConfigs: required(list(structure('FunctionUrlConfig', urlMembers))),
    NextMarker: string(),
  }),
  prepare: (world, { FunctionName }, caller) => {
    const target = wholeFunctionNamed(FunctionName, caller);
    return {
      resource: functionArn(target),
      run: async () => {
        const found = world.opened().journal.state.get('function', functionKeyOf(target));
        if (found === undefined) throw notFound('Function does not exist');
        return { FunctionUrlConfigs: [] };
      },
    };
  },
});
