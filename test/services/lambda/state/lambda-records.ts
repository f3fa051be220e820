import type {
  FailureRecord,
  FunctionRecord,
  FunctionSettings,
  MappingRecord,
} from '../../../../src/services/lambda/state/lambda-state.ts';

const settings: FunctionSettings = {
  description: '',
  role: 'arn:aws:iam::000000000000:role/r',
  timeoutSeconds: 3,
  memoryMiB: 128,
  storageMiB: 512,
  environment: {},
  architecture: 'x86_64',
  tracing: 'PassThrough',
  code: { kind: 'attached' },
  modifiedAt: 0,
  revision: 'r',
  echoed: {},
};

export function functionOf(name: string, more: Partial<FunctionRecord> = {}): FunctionRecord {
  const owner = { account: '000000000000', region: 'eu-central-1', name };
  return { ...settings, ...owner, id: `id-${name}`, tags: {}, nextVersion: 1, policies: {}, ...more };
}

export function mappingOf(uuid: string, more: Partial<MappingRecord> = {}): MappingRecord {
  return {
    account: '000000000000',
    region: 'eu-central-1',
    uuid,
    source: 'arn:aws:kinesis:eu-central-1:000000000000:stream/s',
    functionArn: 'arn:aws:lambda:eu-central-1:000000000000:function:f',
    batchSize: 100,
    windowSeconds: 0,
    parallelization: 1,
    start: { kind: 'LATEST' },
    maximumAgeSeconds: -1,
    retries: -1,
    bisects: false,
    tumblingSeconds: 0,
    reportsItemFailures: false,
    countsEvents: false,
    filters: [],
    tags: {},
    state: 'Enabled',
    isEnabled: true,
    reason: 'User action',
    modifiedAt: 0,
    nextFailure: 0,
    ...more,
  };
}

export function failureOf(more: Partial<FailureRecord> = {}): FailureRecord {
  return {
    at: 0,
    shardId: 'shardId-000000000000',
    condition: 'RetryAttemptsExhausted',
    firstSequenceNumber: '1',
    lastSequenceNumber: '2',
    records: 2,
    error: 'no',
    delivery: 'none',
    ...more,
  };
}
