import { listPage } from '../../../rpc/list-page.ts';
import { list, required, string, structure } from '../../../wire/shape.ts';
import { invalidValue } from '../errors.ts';
import { failuresOf, viewFailure } from '../mappings/mapping-failures.ts';
import { mappingFailure, uuidMember } from '../mappings/mapping-shapes.ts';
import { onMapping, requireMapping } from '../mappings/mapping-target.ts';
import { operation } from '../operation.ts';
import { maxItems } from '../parts/shapes.ts';
import { failureKeyOf } from '../state/lambda-state.ts';

export const listMappingFailures = operation({
  name: 'ListMappingFailures',
  summary: 'Lists what a mapping gave up, the oldest first, without the records.',
  runs: 'owner',
  input: structure('ListMappingFailuresRequest', { ...uuidMember, Marker: string(), MaxItems: maxItems }),
  output: structure('ListMappingFailuresResponse', {
    NextMarker: string(),
    Failures: required(list(mappingFailure)),
  }),
  prepare: (world, { UUID, Marker, MaxItems = 100 }, caller) =>
    onMapping(world, UUID, caller, async () => {
      const { state } = world.opened().journal;
      requireMapping(state, UUID, caller);
      const keyOf = ({ number }: { readonly number: number }) => failureKeyOf(UUID, number);
      const page = listPage(failuresOf(state, UUID), keyOf, Marker, Math.min(MaxItems, pageMax));
      if (page === undefined) throw invalidValue('Invalid Marker.');
      return { NextMarker: page.next, Failures: page.items.map(viewFailure) };
    }),
});

const pageMax = 1000;
