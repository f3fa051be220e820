import { listPage } from '../../../rpc/list-page.ts';
import { list, string, structure } from '../../../wire/shape.ts';
import { invalidValue } from '../errors.ts';
import { mappedFunction } from '../mappings/mapped-function.ts';
import { eventSourceArn, mappingConfiguration } from '../mappings/mapping-shapes.ts';
import { mappingsOf } from '../mappings/mapping-target.ts';
import { viewMapping } from '../mappings/mapping-view.ts';
import { operation } from '../operation.ts';
import { requireQualified } from '../parts/found.ts';
import { functionName, maxItems } from '../parts/shapes.ts';

export const listEventSourceMappings = operation({
  name: 'ListEventSourceMappings',
  summary: 'Lists mappings, those of a source or of a function if it is named, at most 100 at a time.',
  runs: 'owner',
  input: structure('ListEventSourceMappingsRequest', {
    EventSourceArn: eventSourceArn,
    FunctionName: functionName,
    Marker: string(),
    MaxItems: maxItems,
  }),
  output: structure('ListEventSourceMappingsResponse', {
    NextMarker: string(),
    EventSourceMappings: list(mappingConfiguration),
  }),
  prepare: (world, { EventSourceArn: source, FunctionName, Marker, MaxItems = 100 }, caller) => ({
    resource: '*',
    run: async () => {
      const { journal, sight } = world.opened();
      const { state } = journal;
      const named = FunctionName === undefined ? undefined : mappedFunction(FunctionName, caller);
      if (named !== undefined) requireQualified(state, named);
      const asked = mappingsOf(state, caller).filter(
        (mapping) =>
          (source === undefined || mapping.source === source) &&
          (named === undefined || mapping.functionArn === named.arn),
      );
      const page = listPage(asked, ({ uuid }) => uuid, Marker, Math.min(MaxItems, pageMax));
      if (page === undefined) throw invalidValue('Invalid Marker.');
      return {
        NextMarker: page.next,
        EventSourceMappings: page.items.map((mapping) => viewMapping(mapping, { state, sight })),
      };
    },
  }),
});

/** Lambda API reference, ListEventSourceMappings, MaxItems. */
const pageMax = 100;
