import { list, required, string, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { listedConfiguration } from '../parts/configuration.ts';
import { functionConfiguration } from '../parts/configuration-shape.ts';
import { requireFunction, versionsOf } from '../parts/found.ts';
import { functionArn } from '../parts/function-arn.ts';
import { wholeFunctionNamed } from '../parts/function-name.ts';
import { latest } from '../parts/latest.ts';
import { pageOf } from '../parts/page.ts';
import { functionName, marker, maxItems } from '../parts/shapes.ts';

export const listVersionsByFunction = operation({
  name: 'ListVersionsByFunction',
  summary: 'Lists `$LATEST` and the published versions of a function.',
  runs: 'owner',
  input: structure('ListVersionsByFunctionRequest', {
    FunctionName: required(functionName),
    Marker: marker,
    MaxItems: maxItems,
  }),
  output: structure('ListVersionsByFunctionResponse', {
    NextMarker: string(),
    Versions: list(functionConfiguration),
  }),
  prepare: (world, { FunctionName, Marker, MaxItems }, caller) => {
    const target = wholeFunctionNamed(FunctionName, caller);
    return {
      resource: functionArn(target),
      run: async () => {
        const { state } = world.opened().journal;
        const own = { version: 0, settings: requireFunction(state, target) };
        const published = versionsOf(state, target).map((each) => ({
          version: each.version,
          settings: each,
        }));
        const keyOf = ({ version }: { version: number }) => String(version).padStart(numberDigits, '0');
        const page = pageOf([own, ...published], keyOf, Marker, MaxItems);
        return {
          NextMarker: page.next,
          Versions: page.items.map(({ version: number, settings }) => {
            const version = number === 0 ? latest : String(number);
            return listedConfiguration({ target: { ...target, qualifier: version }, version, settings });
          }),
        };
      },
    };
  },
});

/** So that texts are in the order of the numbers. */
const numberDigits = 12;
