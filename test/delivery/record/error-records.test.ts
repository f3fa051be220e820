import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ErrorOutputType, RefusedRecord } from '../../../src/delivery/record/delivered-record.ts';
import { errorLines } from '../../../src/delivery/record/error-records.ts';
import { recordsOf } from './some-records.ts';

const [record] = recordsOf(['made']);
const came = { ...record!, original: Buffer.from('came') };

function refusedAs(kind: ErrorOutputType): RefusedRecord {
  return {
    record: came,
    kind,
    code: 'Some.Code',
    message: 'why',
    attempts: 4,
    attemptEndedAt: 1_700_000_000_900,
  };
}

const common = {
  attemptsMade: 4,
  arrivalTimestamp: 1_700_000_000_000,
  attemptEndingTimestamp: 1_700_000_000_900,
};
const failed = { errorCode: 'Some.Code', errorMessage: 'why' };
const rawData = Buffer.from('came').toString('base64');

test('each kind of error has the record that Firehose writes for it', () => {
  const lambdaArn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
  const lines = [
    { ...refusedAs('processing-failed'), lambdaArn },
    refusedAs('metadata-extraction-failed'),
    refusedAs('format-conversion-failed'),
    refusedAs('http-endpoint-failed'),
    refusedAs('iceberg-failed'),
  ];
  assert.deepEqual(read(errorLines(lines)), [
    { ...common, ...failed, rawData, lambdaARN: lambdaArn },
    { ...common, ...failed, rawData },
    {
      ...common,
      lastErrorCode: 'Some.Code',
      lastErrorMessage: 'why',
      rawData,
      sequenceNumber: '1000',
      subSequenceNumber: 0,
    },
    { ...common, ...failed, rawData, subsequenceNumber: 0, dataId: '1000.0' },
    { ...common, ...failed, rawData: Buffer.from('made').toString('base64') },
  ]);
});

test('an error of a conversion says which table of the catalog it is about', () => {
  const catalogTable = {
    ...{ catalogId: '000000000000', databaseName: 'air', tableName: 'flights' },
    ...{ region: 'us-east-1', versionId: 'LATEST' },
  };
  const kinds = [refusedAs('format-conversion-failed'), refusedAs('processing-failed')];
  const tables = (read(errorLines(kinds, { catalogTable })) as { dataCatalogTable?: unknown }[]).map(
    ({ dataCatalogTable }) => dataCatalogTable,
  );
  assert.deepEqual(tables, [catalogTable, undefined]);
});

test('an error of a channel says where in its stream the record is', () => {
  const channel = { channelId: 'id', streamArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/s' };
  const refused = [refusedAs('channel-failed')];
  const [ofTable] = read(errorLines(refused, { channel: { ...channel, hasData: false } })) as object[];
  assert.equal(Object.hasOwn(ofTable!, 'rawData'), false);
  assert.deepEqual(read(errorLines(refused, { channel: { ...channel, hasData: true } })), [
    {
      channelId: 'id',
      streamARN: channel.streamArn,
      shardId: 'shardId-000000000000',
      sequenceNumber: '1000',
      partitionKey: 'key-0',
      approximateArrivalTimestamp: 1_700_000_000_000,
      ...failed,
      rawData,
    },
  ]);
});

function read(lines: readonly Buffer[]): unknown[] {
  const text = Buffer.concat(lines).toString();
  assert.ok(text.endsWith('\n'));
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}
