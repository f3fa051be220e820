import { list, string, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { listedConfiguration } from '../parts/configuration.ts';
import { functionConfiguration } from '../parts/configuration-shape.ts';
import { functionsOf, versionsOf } from '../parts/found.ts';
import { latest } from '../parts/latest.ts';
import { pageOf } from '../parts/page.ts';
import { marker, maxItems } from '../parts/shapes.ts';
import type { FunctionRecord, LambdaState } from '../state/lambda-state.ts';

export const listFunctions = operation({
  name: 'ListFunctions',
  summary: 'Lists the functions of the account in the region by name, or all of their versions too.',
  runs: 'owner',
  input: structure('ListFunctionsRequest', {
    MasterRegion: string({ pattern: 'ALL|[a-z]{2}(-gov)?-[a-z]+-\\d{1}' }),
    FunctionVersion: string({ values: ['ALL'] }),
    Marker: marker,
    MaxItems: maxItems,
  }),
  output: structure('ListFunctionsResponse', {
    NextMarker: string(),
    Functions: list(functionConfiguration),
  }),
  prepare: (world, { FunctionVersion, Marker, MaxItems }, caller) => ({
    resource: '*',
    run: async () => {
      const { state } = world.opened().journal;
      const isAll = FunctionVersion === 'ALL';
      const listed = functionsOf(state, caller).flatMap((found) => listedOf(state, found, isAll));
      const page = pageOf(listed, ({ key }) => key, Marker, MaxItems);
      return {
        NextMarker: page.next,
        Functions: page.items.map(({ shown }) => listedConfiguration(shown)),
      };
    },
  }),
});

/** Where only functions are listed, none has a version in its ARN. */
function listedOf(state: LambdaState, found: FunctionRecord, isAll: boolean) {
  const { name, account, region } = found;
  const target = { name, account, region, qualifier: isAll ? latest : undefined };
  const first = { key: name, shown: { target, version: latest, settings: found } };
  if (!isAll) return [first];
  const versions = versionsOf(state, found).map((settings) => {
    const version = String(settings.version);
    const shown = { target: { ...target, qualifier: version }, version, settings };
    return { key: `${name}:${version.padStart(numberDigits, '0')}`, shown };
  });
  return [first, ...versions];
}

/** So that texts are in the order of the numbers. */
const numberDigits = 12;
