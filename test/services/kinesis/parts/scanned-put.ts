import type { NewRecords } from '../../../../src/kinesis/record.ts';
import { putRecord } from '../../../../src/services/kinesis/operations/put-record.ts';
import { putRecords } from '../../../../src/services/kinesis/operations/put-records.ts';
import { recordsIn } from '../../../../src/services/kinesis/parts/fast-put.ts';
import type { Codec } from '../../../../src/wire/codec.ts';
import { textOf } from '../../../../src/wire/columns.ts';
import { sampleStream } from '../../../kinesis/sample.ts';

/** What the fast path finds in a body. */
export type ScannedPut = {
  readonly StreamName: string | undefined;
  readonly StreamARN: string | undefined;
  readonly SequenceNumberForOrdering?: string | undefined;
  readonly records: NewRecords;
};

/** Reads bodies as the fast path of a put does, up to where it would look for the stream. */
export function putScanners(codec: Codec) {
  const [scanAll, scanOne] = [codec.scanner(putRecords.input), codec.scanner(putRecord.input)];
  return {
    PutRecords(body: Buffer): ScannedPut | undefined {
      const found = scanAll(body);
      const records = found && recordsIn(found.reader, found.items, stream);
      if (records === undefined) return undefined;
      const StreamName = textOf(found!, 'StreamName');
      return { StreamName, StreamARN: textOf(found!, 'StreamARN'), records };
    },
    PutRecord(body: Buffer): ScannedPut | undefined {
      const found = scanOne(body);
      const records = found && recordsIn(found.reader, found.own, stream);
      if (records === undefined) return undefined;
      return {
        StreamName: textOf(found!, 'StreamName'),
        StreamARN: textOf(found!, 'StreamARN'),
        SequenceNumberForOrdering: textOf(found!, 'SequenceNumberForOrdering'),
        records,
      };
    },
  };
}

const stream = sampleStream(1);
