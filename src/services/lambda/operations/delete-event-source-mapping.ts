import { structure } from '../../../wire/shape.ts';
import { mappingConfiguration, uuidMember } from '../mappings/mapping-shapes.ts';
import { deleted } from '../mappings/mapping-state.ts';
import { onMapping, requireSettled } from '../mappings/mapping-target.ts';
import { viewMapping } from '../mappings/mapping-view.ts';
import { operation } from '../operation.ts';
import type { MappingRecord } from '../state/lambda-state.ts';

export const deleteEventSourceMapping = operation({
  name: 'DeleteEventSourceMapping',
  summary: 'Deletes a mapping, with its checkpoints and with the records that it has given up.',
  runs: 'owner',
  input: structure('DeleteEventSourceMappingRequest', uuidMember),
  output: mappingConfiguration,
  prepare: (world, { UUID }, caller) =>
    onMapping(world, UUID, caller, async () => {
      const { journal, sight, nudge } = world.opened();
      let after: MappingRecord | undefined;
      const state = await journal.commit((now) => {
        after = deleted(requireSettled(now, UUID, caller, 'delete'), world.clock.now());
        return [{ kind: 'said', of: 'mapping', key: UUID, value: after }];
      });
      nudge();
      return viewMapping(after!, { state, sight });
    }),
});
