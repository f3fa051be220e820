import { boolean, double, list, required, string, structure, timestamp } from '../../../wire/shape.ts';

const disk = structure('DiskSight', {
  Path: required(string()),
  FreeBytes: required(double()),
  TotalBytes: required(double()),
  UsedBytes: double(),
});

const memory = structure('MemorySight', {
  ResidentBytes: required(double()),
  HeapUsedBytes: required(double()),
  HeapMaxBytes: required(double()),
  BuffersBytes: required(double()),
  MachineBytes: required(double()),
});

const thread = structure('ThreadSight', {
  Name: required(string()),
  Busy: required(double()),
  PauseMillis: double(),
});

const gateway = structure('GatewaySight', {
  Id: required(string()),
  Zone: string(),
  State: required(string()),
  Address: string(),
});

const operation = structure('OperationSight', {
  Operation: required(string()),
  Calls: required(double()),
  ClientErrors: required(double()),
  ServerErrors: required(double()),
  Throttled: required(double()),
  P50Millis: required(double()),
  P99Millis: required(double()),
});

const slowRequest = structure('SlowRequestSight', {
  At: required(timestamp()),
  Operation: required(string()),
  Resource: string(),
  Caller: string(),
  Millis: required(double()),
  RequestId: required(string()),
});

const limitHit = structure('LimitHitSight', {
  Limit: required(string()),
  Resource: string(),
  Count: required(double()),
  LastAt: required(timestamp()),
});

export const serverSight = structure('GetServerSightOutput', {
  Version: required(string()),
  NodeVersion: required(string()),
  Engine: required(string({ values: ['memory', 'embedded', 'kafka'] })),
  StartedAt: required(timestamp()),
  At: required(timestamp()),
  Health: required(string()),
  Signed: required(boolean()),
  Limits: required(string({ values: ['aws', 'none'] })),
  EncryptedAtRest: required(boolean()),
  Listeners: required(list(string())),
  Disk: disk,
  Memory: required(memory),
  Threads: required(list(thread)),
  Gateways: required(list(gateway)),
  Operations: required(list(operation)),
  SlowRequests: required(list(slowRequest)),
  LimitsHit: required(list(limitHit)),
  Warnings: required(list(string())),
});
