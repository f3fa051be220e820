import { structure } from '../../../wire/shape.ts';
import { mappingConfiguration, uuidMember } from '../mappings/mapping-shapes.ts';
import { onMapping, requireMapping } from '../mappings/mapping-target.ts';
import { viewMapping } from '../mappings/mapping-view.ts';
import { operation } from '../operation.ts';

export const getEventSourceMapping = operation({
  name: 'GetEventSourceMapping',
  summary: 'Describes a mapping, with the state that it is in and its last result.',
  runs: 'owner',
  input: structure('GetEventSourceMappingRequest', uuidMember),
  output: mappingConfiguration,
  prepare: (world, { UUID }, caller) =>
    onMapping(world, UUID, caller, async () => {
      const { journal, sight } = world.opened();
      const { state } = journal;
      return viewMapping(requireMapping(state, UUID, caller), { state, sight });
    }),
});
