import type { Caller } from '../../../access/caller.ts';
import type { RequestContext } from '../../../access/policy/access.ts';
import { uuid } from '../../../env/random.ts';
import { DroppedError } from '../../../log/log.ts';
import type { Permission } from '../../../rpc/operation.ts';
import { required, structure } from '../../../wire/shape.ts';
import { invalidValue } from '../errors.ts';
import { mappedFunction, type NamedFunction, requireRole } from '../mappings/mapped-function.ts';
import {
  type CreatedMapping,
  defaultSettings,
  settingsAfter,
  startOf,
} from '../mappings/mapping-settings.ts';
import { createdMembers, mappingConfiguration } from '../mappings/mapping-shapes.ts';
import { userAction } from '../mappings/mapping-state.ts';
import { functionContext, requireAlone } from '../mappings/mapping-target.ts';
import { viewMapping } from '../mappings/mapping-view.ts';
import { requireSource, streamNotFound } from '../mappings/required-source.ts';
import { startCursors } from '../mappings/start-cursors.ts';
import { operation } from '../operation.ts';
import { mappingArn } from '../parts/function-arn.ts';
import { functionName } from '../parts/shapes.ts';
import { mergeTags, tagContext } from '../parts/tags.ts';
import type { LambdaState, MappingRecord } from '../state/lambda-state.ts';
import type { LambdaWorld } from '../world.ts';

export const createEventSourceMapping = operation({
  name: 'CreateEventSourceMapping',
  summary: 'Has a function invoked with the records of a stream, or of one of its consumers.',
  runs: 'owner',
  input: structure('CreateEventSourceMappingRequest', {
    FunctionName: required(functionName),
    ...createdMembers,
  }),
  output: mappingConfiguration,
  prepare: (world, request, caller) => {
    const named = mappedFunction(request.FunctionName, caller);
    return {
      resource: '*',
      context: contextOf(named, request.Tags),
      permissions: permissionsOf(caller, request.Tags),
      run: async () => {
        const mapping = newMapping(world, request, named, caller);
        const { journal, records, sources, sight, nudge } = world.opened();
        const role = requireRole(journal.state, named, caller);
        const { stream } = requireSource(sources, mapping.source, role, caller);
        const cursors = await startCursors(records, stream, mapping).catch((error: unknown) => {
          throw error instanceof DroppedError ? streamNotFound(mapping.source) : error;
        });
        const state = await journal.commit((now) => {
          requireRole(now, named, caller);
          requireAlone(now, mapping);
          requireRoom(now);
          return [{ kind: 'said', of: 'mapping', key: mapping.uuid, value: mapping }, ...cursors];
        });
        nudge();
        return viewMapping(mapping, { state, sight });
      },
    };
  },
});

function contextOf({ arn }: NamedFunction, tags: CreatedMapping['Tags']): RequestContext {
  return new Map([...functionContext(arn), ...(tagContext(tags) ?? [])]);
}

/** Nobody knows yet what the mapping will be named that is to have tags. */
function permissionsOf(caller: Caller, tags: CreatedMapping['Tags']): readonly Permission[] {
  const made = { action: 'lambda:CreateEventSourceMapping', resource: '*' };
  if (tagContext(tags) === undefined) return [made];
  return [made, { action: 'lambda:TagResource', resource: mappingArn({ ...caller, uuid: '*' }) }];
}

function newMapping(
  { clock, random }: LambdaWorld,
  request: CreatedMapping,
  named: NamedFunction,
  { account, region }: Caller,
): MappingRecord {
  const { EventSourceArn: source, Enabled: isEnabled = true, Tags: tags = {} } = request;
  const settings = settingsAfter(defaultSettings, request);
  if (source === undefined) throw invalidValue('Unrecognized event source.');
  const now = clock.now();
  return {
    ...{ account, region, uuid: uuid(random), source, functionArn: named.arn },
    ...settings,
    start: startOf(request, now),
    tags: mergeTags({}, tags),
    state: 'Creating',
    isEnabled,
    reason: userAction,
    modifiedAt: now,
    nextFailure: 0,
  };
}

/** Of a server; each takes about a kilobyte, and a poller a shard. */
const mappingsMax = 10_000;

function requireRoom(state: LambdaState): void {
  let mappings = 0;
  for (const _ of state.entries('mapping')) mappings++;
  if (mappings < mappingsMax) return;
  throw invalidValue(`There are ${mappingsMax} event source mappings, and no more are taken.`);
}
