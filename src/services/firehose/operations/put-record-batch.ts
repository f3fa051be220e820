import { shownName } from '../../../access/caller.ts';
import { boolean, integer, list, required, string, structure } from '../../../wire/shape.ts';
import { invalidArgument } from '../errors.ts';
import { operation } from '../operation.ts';
import { failureOf, onPuttable, type PutResult, putAll, resultsOf } from '../parts/put.ts';
import { record } from '../shapes/record-shapes.ts';
import { deliveryStreamName } from '../shapes/stream-shapes.ts';

/** Records of one request, and their data together (Firehose API reference, PutRecordBatch). */
const batchRecordsMax = 500;
const batchBytesMax = 4 * 1024 * 1024;

const responseEntry = structure('PutRecordBatchResponseEntry', {
  RecordId: string({ min: 1 }),
  ErrorCode: string(),
  ErrorMessage: string(),
});

export const putRecordBatch = operation({
  name: 'PutRecordBatch',
  summary:
    'Puts up to 500 records to a delivery stream; each succeeds or fails by itself, and the answer comes when all are durable.',
  runs: 'near',
  audit: 'data',
  input: structure('PutRecordBatchInput', {
    DeliveryStreamName: required(deliveryStreamName),
    Records: required(list(record, { min: 1, max: batchRecordsMax })),
  }),
  output: structure('PutRecordBatchOutput', {
    FailedPutCount: required(integer({ min: 0 })),
    Encrypted: boolean(),
    RequestResponses: required(list(responseEntry, { min: 1, max: batchRecordsMax })),
  }),
  prepare: (world, { DeliveryStreamName, Records }, caller) =>
    onPuttable(world, DeliveryStreamName, caller, async (hidden) => {
      const data = Records.map(({ Data }) => Data);
      requireRoom(data);
      const results = resultsOf(await putAll(world, hidden, data, shownName(caller)));
      return {
        FailedPutCount: results.filter(({ kind }) => kind === 'failed').length,
        Encrypted: results.some((result) => result.kind === 'stored' && result.isEncrypted),
        RequestResponses: results.map(responseOf),
      };
    }),
});

function requireRoom(data: readonly Buffer[]): void {
  const bytes = data.reduce((sum, { length }) => sum + length, 0);
  if (bytes <= batchBytesMax) return;
  throw invalidArgument('Records size exceeds 4 MB limit');
}

function responseOf(result: PutResult) {
  if (result.kind === 'stored') return { RecordId: result.id };
  const { type, message } = failureOf(result.cause);
  return { ErrorCode: type, ErrorMessage: message };
}
