import { blob, list, required, string, structure, timestamp } from '../../../wire/shape.ts';
import type { KeptRecord } from '../failures/failure-store.ts';
import { keptBatch, keptEvent } from '../failures/kept-event.ts';
import { requireFailure, viewFailure } from '../mappings/mapping-failures.ts';
import { failureNumber, mappingFailure, uuidMember } from '../mappings/mapping-shapes.ts';
import { findMapping, onMapping } from '../mappings/mapping-target.ts';
import { keptOf, roleOf } from '../mappings/redrive.ts';
import { operation } from '../operation.ts';

export const getMappingFailure = operation({
  name: 'GetMappingFailure',
  summary: 'Answers what a mapping gave up, with the records and the event that the function was given.',
  runs: 'owner',
  audit: 'read',
  input: structure('GetMappingFailureRequest', { ...uuidMember, Number: required(failureNumber) }),
  output: structure('GetMappingFailureResponse', {
    Failure: required(mappingFailure),
    Records: list(
      structure('FailedRecord', {
        SequenceNumber: required(string()),
        PartitionKey: required(string()),
        ApproximateArrivalTimestamp: required(timestamp()),
        Data: required(blob()),
      }),
    ),
    Event: string(),
  }),
  prepare: (world, { UUID, Number: number }, caller) =>
    onMapping(world, UUID, caller, async () => {
      const opened = world.opened();
      const failure = requireFailure(opened.journal.state, UUID, number, caller);
      const Failure = viewFailure({ number, failure });
      const mapping = findMapping(opened.journal.state, UUID, caller)!;
      const kept = await keptOf(opened, failure);
      if (kept === undefined) return { Failure: { ...Failure, HasData: false } };
      const role = roleOf(opened.journal.state, mapping);
      const event = keptEvent(keptBatch(kept), { region: mapping.region, role, arn: mapping.source });
      return { Failure, Records: kept.map(viewRecord), Event: event.toString() };
    }),
});

function viewRecord({ sequenceNumber, partitionKey, arrival, data }: KeptRecord) {
  return {
    SequenceNumber: sequenceNumber,
    PartitionKey: partitionKey,
    ApproximateArrivalTimestamp: arrival,
    Data: data,
  };
}
