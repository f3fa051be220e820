import { formatStreamArn, parseStreamOf } from '../../../kinesis/arn.ts';
import type { Permission } from '../../../rpc/operation.ts';
import { blob, list, required, string, structure, timestamp } from '../../../wire/shape.ts';
import type { KeptRecord } from '../failures/failure-store.ts';
import { keptBatch, keptEvent } from '../failures/kept-event.ts';
import { requireFailure, viewFailure } from '../mappings/mapping-failures.ts';
import { failureNumber, mappingFailure, uuidMember } from '../mappings/mapping-shapes.ts';
import { onRecordsOf, requireMapping } from '../mappings/mapping-target.ts';
import { keptOf } from '../mappings/redrive.ts';
import { operation } from '../operation.ts';
import { functionOf } from '../poller/function-of-mapping.ts';
import type { MappingRecord } from '../state/lambda-state.ts';

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
  prepare: (world, { UUID, Number: number }, caller) => {
    const run = async () => {
      const opened = world.opened();
      const { state } = opened.journal;
      const failure = requireFailure(state, UUID, number, caller);
      const mapping = requireMapping(state, UUID, caller);
      // Without the function nobody knows whose role an event would name.
      const mapped = functionOf(state, mapping);
      const Failure = viewFailure({ number, failure });
      const kept = await keptOf(opened, failure);
      if (kept === undefined) return { Failure: { ...Failure, HasData: false } };
      const event = mapped && keptEvent(keptBatch(kept), { ...mapping, role: mapped.role });
      return { Failure, Records: kept.map(viewRecord), Event: event?.toString() };
    };
    return onRecordsOf(world, UUID, caller, 'lambda:GetMappingFailure', readingOf, run);
  },
});

/**
 * Who may not read the stream does not get its records here. The policy of a stream of another account is
 * not known to Lambda: there the mapping's own permission is all that is asked for.
 */
function readingOf({ source, account }: MappingRecord): readonly Permission[] {
  const stream = parseStreamOf(source);
  if (stream === undefined || stream.account !== account) return [];
  return [{ action: 'kinesis:GetRecords', resource: formatStreamArn(stream) }];
}

function viewRecord({ sequenceNumber, partitionKey, arrival, data }: KeptRecord) {
  return {
    SequenceNumber: sequenceNumber,
    PartitionKey: partitionKey,
    ApproximateArrivalTimestamp: arrival,
    Data: data,
  };
}
