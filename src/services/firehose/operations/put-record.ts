import { shownName } from '../../../access/caller.ts';
import { boolean, required, string, structure } from '../../../wire/shape.ts';
import { operation } from '../operation.ts';
import { failureOf, onPuttable, putAll, resultsOf } from '../parts/put.ts';
import { record } from '../shapes/record-shapes.ts';
import { deliveryStreamName } from '../shapes/stream-shapes.ts';

export const putRecord = operation({
  name: 'PutRecord',
  summary: 'Puts a record to a delivery stream; the answer comes when it is durable.',
  runs: 'near',
  audit: 'data',
  input: structure('PutRecordInput', {
    DeliveryStreamName: required(deliveryStreamName),
    Record: required(record),
  }),
  output: structure('PutRecordOutput', { RecordId: required(string({ min: 1 })), Encrypted: boolean() }),
  prepare: (world, { DeliveryStreamName, Record }, caller) =>
    onPuttable(world, DeliveryStreamName, caller, async (hidden) => {
      const [result] = resultsOf(await putAll(world, hidden, [Record.Data], shownName(caller)));
      if (result!.kind === 'failed') throw failureOf(result!.cause);
      return { RecordId: result!.id, Encrypted: result!.isEncrypted };
    }),
});
