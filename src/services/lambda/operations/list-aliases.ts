import { list, required, string, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { viewAlias } from '../parts/alias.ts';
import { aliasesOf, requireFunction } from '../parts/found.ts';
import { functionArn } from '../parts/function-arn.ts';
import { wholeFunctionNamed } from '../parts/function-name.ts';
import { pageOf } from '../parts/page.ts';
import { aliasConfiguration, functionName, marker, maxItems, versionNumber } from '../parts/shapes.ts';

export const listAliases = operation({
  name: 'ListAliases',
  summary: 'Lists the aliases of a function, or those that lead to one version.',
  runs: 'owner',
  input: structure('ListAliasesRequest', {
    FunctionName: required(functionName),
    FunctionVersion: versionNumber,
    Marker: marker,
    MaxItems: maxItems,
  }),
  output: structure('ListAliasesResponse', { NextMarker: string(), Aliases: list(aliasConfiguration) }),
  prepare: (world, { FunctionName, FunctionVersion, Marker, MaxItems }, caller) => {
    const target = wholeFunctionNamed(FunctionName, caller);
    return {
      resource: functionArn(target),
      run: async () => {
        const { state } = world.opened().journal;
        requireFunction(state, target);
        const aliases = aliasesOf(state, target).filter(
          ({ version }) => FunctionVersion === undefined || version === FunctionVersion,
        );
        const page = pageOf(aliases, ({ name }) => name, Marker, MaxItems);
        return { NextMarker: page.next, Aliases: page.items.map((alias) => viewAlias(target, alias)) };
      },
    };
  },
});
