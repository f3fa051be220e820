import { structure } from '../../../wire/shape.ts';
import { mappedFunction, requireRole } from '../mappings/mapped-function.ts';
import { settingsAfter } from '../mappings/mapping-settings.ts';
import { mappingConfiguration, updatedMembers } from '../mappings/mapping-shapes.ts';
import { changed } from '../mappings/mapping-state.ts';
import { onMapping, requireAlone, requireSettled } from '../mappings/mapping-target.ts';
import { viewMapping } from '../mappings/mapping-view.ts';
import { requireSource } from '../mappings/required-source.ts';
import { operation } from '../operation.ts';
import { functionName } from '../parts/shapes.ts';
import type { MappingRecord } from '../state/lambda-state.ts';

export const updateEventSourceMapping = operation({
  name: 'UpdateEventSourceMapping',
  summary: 'Changes a mapping, has it pause or go on where it was, or invoke another function.',
  runs: 'owner',
  input: structure('UpdateEventSourceMappingRequest', { ...updatedMembers, FunctionName: functionName }),
  output: mappingConfiguration,
  prepare: (world, request, caller) => {
    const { UUID, FunctionName, Enabled: isEnabled } = request;
    const named = FunctionName === undefined ? undefined : mappedFunction(FunctionName, caller);
    const run = async () => {
      const { journal, sources, sight, nudge } = world.opened();
      let after: MappingRecord | undefined;
      const state = await journal.commit((now) => {
        const before = requireSettled(now, UUID, caller, 'update');
        const settings = settingsAfter(before, request);
        const functionArn = named?.arn ?? before.functionArn;
        after = changed({ ...before, ...settings, functionArn }, { isEnabled }, world.clock.now());
        if (named !== undefined) {
          requireSource(sources, before.source, requireRole(now, named, caller), caller);
          requireAlone(now, after);
        }
        return [{ kind: 'said', of: 'mapping', key: UUID, value: after }];
      });
      nudge();
      return viewMapping(after!, { state, sight });
    };
    return onMapping(world, UUID, caller, run, named?.arn);
  },
});
