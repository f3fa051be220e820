import { list, required, string, structure } from '../../../wire/shape.ts';
import { notFound } from '../errors.ts';
import { operation } from '../operation.ts';
import { asynchronousConfig, viewAsynchronous } from '../parts/asynchronous.ts';
import { functionArn } from '../parts/function-arn.ts';
import { wholeFunctionNamed } from '../parts/function-name.ts';
import { pageOf } from '../parts/page.ts';
import { functionName, marker, maxItems } from '../parts/shapes.ts';
import { functionKeyOf } from '../state/lambda-state.ts';

export const listFunctionEventInvokeConfigs = operation({
  name: 'ListFunctionEventInvokeConfigs',
  summary: 'Lists what was said of invocations of a function that nobody waits for.',
  runs: 'owner',
  input: structure('ListFunctionEventInvokeConfigsRequest', {
    FunctionName: required(functionName),
    Marker: marker,
    MaxItems: maxItems,
  }),
  output: structure('ListFunctionEventInvokeConfigsResponse', {
    FunctionEventInvokeConfigs: list(asynchronousConfig),
    NextMarker: string(),
  }),
  prepare: (world, { FunctionName, Marker, MaxItems }, caller) => {
    const target = wholeFunctionNamed(FunctionName, caller);
    return {
      resource: functionArn(target),
      run: async () => {
        const found = world.opened().journal.state.get('function', functionKeyOf(target));
        if (found === undefined) throw notFound("The function doesn't exist.");
        const all = Object.entries(found.asynchronous ?? {});
        const page = pageOf(all, ([qualifier]) => qualifier, Marker, MaxItems);
        return {
          FunctionEventInvokeConfigs: page.items.map(([qualifier, settings]) =>
            viewAsynchronous({ ...target, qualifier }, settings),
          ),
          NextMarker: page.next,
        };
      },
    };
  },
});
