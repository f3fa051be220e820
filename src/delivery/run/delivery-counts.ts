import type { Millis } from '../../env/clock.ts';
import type { FormattedChunk, FormattedObject } from '../formatter/chunk-setting.ts';
import type { RunParts } from './run-parts.ts';

/**
 * Counts what a chunk delivered, under AWS's names (Data Firehose developer guide, "Monitor with CloudWatch
 * metrics"; of channels the names of Kinesis Data Streams' "DeliveryToS3").
 */
export function countDelivered(
  { world, spec, meter }: RunParts,
  { objects, requests, counts }: FormattedChunk,
  behindMs: Millis,
): void {
  const { metrics } = world;
  const data = requests.map((request) => ({ ...request, kind: 'data' }));
  const sum = (kind: FormattedObject['kind'], of: 'records' | 'rawBytes') =>
    [...objects, ...data].reduce((total, one) => total + (one.kind === kind ? one[of] : 0), 0);
  const count = (metric: string, value: number, unit: 'Count' | 'Bytes' | 'Seconds' | 'Milliseconds') =>
    metrics.count(spec, metric, value, unit);
  const delivery = deliveryOf[spec.destination.kind];
  if (spec.owner.kind === 'channel') {
    count(`${delivery}.BytesIn`, counts.bytes, 'Bytes');
    count(`${delivery}.BytesProcessed`, counts.bytes, 'Bytes');
    count(`${delivery}.BytesOut`, storedBytes(objects), 'Bytes');
    const [all, good, bad, success] = outcomesOf[spec.destination.kind];
    count(`${delivery}.${all}`, counts.records, 'Count');
    count(`${delivery}.${good}`, sum('data', 'records'), 'Count');
    count(`${delivery}.${bad}`, counts.refused, 'Count');
    count(`${delivery}.${success}`, 1, 'Count');
    if (objects.some(({ kind }) => kind === 'errors')) count(`${delivery}.DLQDeliverySuccess`, 1, 'Count');
  } else {
    count(`${delivery}.Bytes`, sum('data', 'rawBytes'), 'Bytes');
    if (spec.destination.kind === 'iceberg') {
      count(`${delivery}.IncomingRowCount`, counts.records, 'Count');
      count(`${delivery}.SuccessfulRowCount`, sum('data', 'records'), 'Count');
      count(`${delivery}.FailedRowCount`, counts.refused, 'Count');
    } else {
      count(`${delivery}.Records`, sum('data', 'records'), 'Count');
      count(`${delivery}.Success`, 1, 'Count');
    }
    if (spec.source.arn !== undefined) {
      count('DataReadFromKinesisStream.Records', counts.records, 'Count');
      count('DataReadFromKinesisStream.Bytes', counts.bytes, 'Bytes');
      count('KinesisMillisBehindLatest', behindMs, 'Milliseconds');
    } else {
      // What was put is counted where it is read: a put pays nothing for it, whichever thread took it.
      count('IncomingRecords', counts.records, 'Count');
      count('IncomingBytes', counts.bytes, 'Bytes');
      count('ThrottledRecords', 0, 'Count');
    }
    countConversion(count, spec, counts, sum);
    countPartitions(count, spec, { objects, counts });
    countExtras(count, counts, sum, spec.backup !== undefined);
  }
  count(`${delivery}.DataFreshness`, meter.freshnessMs / 1000, 'Seconds');
}

type Count = (metric: string, value: number, unit: 'Count' | 'Bytes' | 'Milliseconds') => void;

type Sum = (kind: FormattedObject['kind'], of: 'records' | 'rawBytes') => number;

/** What became of records that were to become columns. */
function countConversion(
  count: Count,
  { destination }: RunParts['spec'],
  { unconverted }: FormattedChunk['counts'],
  sum: Sum,
): void {
  if (destination.kind !== 's3' || destination.form.kind !== 'parquet') return;
  count('SucceedConversion.Records', sum('data', 'records'), 'Count');
  count('SucceedConversion.Bytes', sum('data', 'rawBytes'), 'Bytes');
  count('FailedConversion.Records', unconverted.records, 'Count');
  count('FailedConversion.Bytes', unconverted.bytes, 'Bytes');
}

/** AWS has them where objects are partitioned by what records say. */
function countPartitions(
  count: Count,
  { destination, stages: { partitioning } }: RunParts['spec'],
  { objects, counts }: Pick<FormattedChunk, 'objects' | 'counts'>,
): void {
  const partitions = objects.filter(({ kind }) => kind === 'data').length;
  if (destination.kind === 's3') count('DeliveryToS3.ObjectCount', partitions, 'Count');
  if (destination.kind !== 's3' || partitioning === undefined) return;
  count('PartitionCount', partitions, 'Count');
  count('PartitionCountExceeded', counts.isOverPartitioned ? 1 : 0, 'Count');
  count('ActivePartitionsLimit', partitioning.activeMax, 'Count');
}

function countExtras(count: Count, counts: FormattedChunk['counts'], sum: Sum, hasBackup: boolean): void {
  for (const { ms, isSuccess } of counts.calls) {
    count('ExecuteProcessing.Duration', ms, 'Milliseconds');
    count('ExecuteProcessing.Success', isSuccess ? 1 : 0, 'Count');
  }
  if (counts.calls.length > 0) {
    count('SucceedProcessing.Records', sum('data', 'records'), 'Count');
    count('SucceedProcessing.Bytes', sum('data', 'rawBytes'), 'Bytes');
  }
  if (!hasBackup) return;
  count('BackupToS3.Bytes', sum('backup', 'rawBytes'), 'Bytes');
  count('BackupToS3.Records', sum('backup', 'records'), 'Count');
  count('BackupToS3.Success', 1, 'Count');
}

/** Counts an attempt that failed, and how old what waits has become. */
export function countTrouble({ world, spec, meter }: Pick<RunParts, 'world' | 'spec' | 'meter'>): void {
  const delivery = deliveryOf[spec.destination.kind];
  const success = spec.owner.kind === 'channel' ? outcomesOf[spec.destination.kind][3] : 'Success';
  world.metrics.count(spec, `${delivery}.${success}`, 0, 'Count');
  world.metrics.count(spec, `${delivery}.DataFreshness`, meter.freshnessMs / 1000, 'Seconds');
}

function storedBytes(objects: readonly FormattedObject[]): number {
  return objects.reduce((total, { kind, storedBytes }) => total + (kind === 'data' ? storedBytes : 0), 0);
}

const deliveryOf = { s3: 'DeliveryToS3', http: 'DeliveryToHttpEndpoint', iceberg: 'DeliveryToIceberg' };

/** What of a channel counts all, the delivered and the others; and whether it was done. */
const ofRecords = ['RecordCount', 'SuccessfulRecordCount', 'FailedRecordCount', 'DeliverySuccess'] as const;
const ofRows = ['TotalRowCount', 'SuccessfulRowCount', 'FailedRowCount', 'CommitSuccess'] as const;
const outcomesOf = { s3: ofRecords, http: ofRecords, iceberg: ofRows };
