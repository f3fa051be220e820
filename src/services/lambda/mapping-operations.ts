import type { Operation } from '../../rpc/operation.ts';
import { createEventSourceMapping } from './operations/create-event-source-mapping.ts';
import { deleteEventSourceMapping } from './operations/delete-event-source-mapping.ts';
import { getEventSourceMapping } from './operations/get-event-source-mapping.ts';
import { getMappingFailure } from './operations/get-mapping-failure.ts';
import { listEventSourceMappings } from './operations/list-event-source-mappings.ts';
import { listMappingFailures } from './operations/list-mapping-failures.ts';
import { listMappingSights } from './operations/list-mapping-sights.ts';
import { redriveMappingFailures } from './operations/redrive-mapping-failures.ts';
import { updateEventSourceMapping } from './operations/update-event-source-mapping.ts';
import type { LambdaWorld } from './world.ts';

/** Those on event source mappings, in the order of the API page; the last four are not AWS's. */
export const mappingOperations: readonly Operation<LambdaWorld>[] = [
  createEventSourceMapping,
  getEventSourceMapping,
  listEventSourceMappings,
  updateEventSourceMapping,
  deleteEventSourceMapping,
  listMappingSights,
  listMappingFailures,
  getMappingFailure,
  redriveMappingFailures,
];
