import { double, list, required, string, structure, timestamp } from '../../../wire/shape.ts';

export const readerShardSight = structure('ReaderShardSight', {
  ShardId: required(string()),
  LagMillis: double(),
  Owner: string(),
  Checkpoint: string(),
  RecordsBehind: double(),
});

export const readerSight = structure('ReaderSight', {
  Kind: required(string({ values: ['polling', 'fan-out', 'kcl', 'mapping', 'delivery'] })),
  Name: required(string()),
  Id: string(),
  StreamName: required(string()),
  State: required(string()),
  Reason: string(),
  LagMillis: double(),
  TimeToLossMillis: double(),
  Records: double(),
  Bytes: double(),
  Failures: double(),
  To: string(),
  Shards: required(list(readerShardSight)),
});

export const producerSight = structure('ProducerSight', {
  Name: required(string()),
  StreamName: required(string()),
  Records: required(double()),
  Bytes: required(double()),
  At: required(timestamp()),
});
