import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateStreamCommand, DescribeStreamSummaryCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  DeleteAliasCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  type EventSourceMappingConfiguration,
  type FunctionConfiguration,
  GetAliasCommand,
  GetEventSourceMappingCommand,
  GetFunctionCodeSigningConfigCommand,
  GetFunctionCommand,
  type GetFunctionCommandOutput,
  GetPolicyCommand,
  LambdaClient,
  ListTagsCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  RemovePermissionCommand,
  ResourceNotFoundException,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateEventSourceMappingCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { startTestServer } from '../../../src/server/testing.ts';
import { zipOf } from './function-calls.ts';

// The calls that Terraform's provider for AWS makes for `aws_lambda_function`, `aws_lambda_alias`,
// `aws_lambda_permission` and `aws_lambda_event_source_mapping`, in its order, with what it waits for.

const FunctionName = 'orders';
const account = '000000000000';
const Role = `arn:aws:iam::${account}:role/orders`;
const functionArn = `arn:aws:lambda:us-east-1:${account}:function:${FunctionName}`;

/** What a configuration says, and a refresh has to find again: else the next plan would change it. */
const declared: Omit<CreateFunctionCommandInput, 'Code'> = {
  FunctionName,
  Role,
  Runtime: 'nodejs24.x',
  Handler: 'index.handler',
  Description: 'Takes orders.',
  MemorySize: 256,
  Timeout: 10,
  PackageType: 'Zip',
  Architectures: ['arm64'],
  Environment: { Variables: { STAGE: 'test' } },
  TracingConfig: { Mode: 'Active' },
  EphemeralStorage: { Size: 1024 },
  LoggingConfig: { LogFormat: 'JSON', ApplicationLogLevel: 'INFO', SystemLogLevel: 'WARN' },
};
const Tags = { team: 'shop' };

async function clients() {
  const server = await startTestServer({ transitionDelay: 1 });
  return {
    server,
    lambda: new LambdaClient(server.clientConfig),
    kinesis: new KinesisClient(server.clientConfig),
  };
}

/** As the provider waits: reads until it is so. */
async function waited<T>(read: () => Promise<T>, isThere: (found: T) => boolean): Promise<T> {
  for (;;) {
    const found = await read();
    if (isThere(found)) return found;
    await sleep(5);
  }
}

async function isGone(read: () => Promise<unknown>): Promise<boolean> {
  return await read().then(
    () => false,
    (error: unknown) => {
      assert.ok(error instanceof ResourceNotFoundException, String(error));
      return true;
    },
  );
}

function readFunction(lambda: LambdaClient): Promise<GetFunctionCommandOutput> {
  return lambda.send(new GetFunctionCommand({ FunctionName }));
}

/** A refresh: GetFunction, its code signing, and the latest version that was published. */
async function refresh(lambda: LambdaClient): Promise<GetFunctionCommandOutput> {
  const found = await readFunction(lambda);
  const signing = await lambda.send(new GetFunctionCodeSigningConfigCommand({ FunctionName }));
  assert.equal(signing.CodeSigningConfigArn ?? '', '');
  await lambda.send(new ListVersionsByFunctionCommand({ FunctionName, MaxItems: 10_000 }));
  return found;
}

test('a function is made, refreshed without a difference, changed, tagged and destroyed', async () => {
  const { server, lambda } = await clients();
  await using _ = server;
  const code = await zipOf({ 'index.js': 'exports.handler = async () => 1;' });
  await lambda.send(
    new CreateFunctionCommand({ ...declared, Code: { ZipFile: code }, Publish: false, Tags }),
  );
  await waited(
    () => readFunction(lambda),
    ({ Configuration }) => Configuration!.State === 'Active',
  );
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 7 }));
  const found = await refresh(lambda);
  const { Configuration } = found;
  const known = Object.keys(declared) as (keyof typeof declared & keyof FunctionConfiguration)[];
  const read = Object.fromEntries(known.map((name) => [name, Configuration![name]]));
  assert.deepEqual(
    { ...read, EphemeralStorage: { ...Configuration!.EphemeralStorage } },
    {
      ...declared,
      LoggingConfig: { ...declared.LoggingConfig, LogGroup: `/aws/lambda/${FunctionName}` },
    },
  );
  assert.deepEqual(found.Tags, Tags);
  assert.equal(found.Concurrency!.ReservedConcurrentExecutions, 7);
  assert.equal(found.Code!.RepositoryType, 'S3');
  assert.equal(Configuration!.FunctionArn, functionArn);
  assert.equal(Configuration!.CodeSize, code.length);

  await lambda.send(new UntagResourceCommand({ Resource: functionArn, TagKeys: ['team'] }));
  await lambda.send(new TagResourceCommand({ Resource: functionArn, Tags: { stage: 'live' } }));
  const Environment = { Variables: { STAGE: 'live' } };
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment, Timeout: 20 }));
  await waited(
    () => readFunction(lambda),
    (one) => one.Configuration!.LastUpdateStatus === 'Successful',
  );
  const next = await zipOf({ 'index.js': 'exports.handler = async () => 2;' });
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: next, Architectures: ['arm64'] }));
  const changed = await waited(
    () => readFunction(lambda),
    (one) => one.Configuration!.LastUpdateStatus === 'Successful',
  );
  assert.deepEqual(changed.Configuration!.Environment, Environment);
  assert.notEqual(changed.Configuration!.CodeSha256, Configuration!.CodeSha256);
  assert.deepEqual(changed.Tags, { stage: 'live' });
  assert.deepEqual(changed.Configuration!.Handler, declared.Handler);

  await lambda.send(new DeleteFunctionCommand({ FunctionName }));
  await waited(() => isGone(() => readFunction(lambda)), Boolean);
});

test('a version, an alias of it and a permission are made, read and destroyed', async () => {
  const { server, lambda } = await clients();
  await using _ = server;
  const code = await zipOf({ 'index.js': 'exports.handler = async () => 1;' });
  const made = await lambda.send(
    new CreateFunctionCommand({ ...declared, Code: { ZipFile: code }, Publish: true, Tags }),
  );
  assert.equal(made.Version, '1');
  const { Versions } = await lambda.send(new ListVersionsByFunctionCommand({ FunctionName }));
  assert.deepEqual(
    Versions!.map(({ Version }) => Version),
    ['$LATEST', '1'],
  );
  const again = await lambda.send(new PublishVersionCommand({ FunctionName }));
  assert.equal(again.Version, '1');
  const alias = { FunctionName, Name: 'live' };
  await lambda.send(new CreateAliasCommand({ ...alias, FunctionVersion: '1', Description: 'What runs.' }));
  const { AliasArn, FunctionVersion, Description } = await lambda.send(new GetAliasCommand(alias));
  assert.deepEqual([AliasArn, FunctionVersion, Description], [`${functionArn}:live`, '1', 'What runs.']);

  const statement = { FunctionName, StatementId: 'from-events' };
  assert.equal(await isGone(() => lambda.send(new GetPolicyCommand({ FunctionName }))), true);
  await lambda.send(
    new AddPermissionCommand({
      ...statement,
      Action: 'lambda:InvokeFunction',
      Principal: 'events.amazonaws.com',
      SourceArn: `arn:aws:events:us-east-1:${account}:rule/daily`,
    }),
  );
  const { Policy } = await lambda.send(new GetPolicyCommand({ FunctionName }));
  const [only] = JSON.parse(Policy!).Statement;
  assert.deepEqual(only, {
    Sid: 'from-events',
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'lambda:InvokeFunction',
    Resource: functionArn,
    Condition: { ArnLike: { 'AWS:SourceArn': `arn:aws:events:us-east-1:${account}:rule/daily` } },
  });
  await lambda.send(new RemovePermissionCommand(statement));
  assert.equal(await isGone(() => lambda.send(new GetPolicyCommand({ FunctionName }))), true);
  await lambda.send(new DeleteAliasCommand(alias));
  assert.equal(await isGone(() => lambda.send(new GetAliasCommand(alias))), true);
});

test('a mapping is made, refreshed without a difference, changed, tagged and destroyed', async () => {
  const { server, lambda, kinesis } = await clients();
  await using _ = server;
  const code = await zipOf({ 'index.js': 'exports.handler = async () => {};' });
  await lambda.send(new CreateFunctionCommand({ ...declared, Code: { ZipFile: code } }));
  await kinesis.send(new CreateStreamCommand({ StreamName: 'orders', ShardCount: 1 }));
  const { StreamDescriptionSummary } = await waited(
    () => kinesis.send(new DescribeStreamSummaryCommand({ StreamName: 'orders' })),
    (found) => found.StreamDescriptionSummary!.StreamStatus === 'ACTIVE',
  );
  const mapping = {
    BatchSize: 50,
    BisectBatchOnFunctionError: true,
    DestinationConfig: { OnFailure: { Destination: `arn:aws:sqs:us-east-1:${account}:failed` } },
    EventSourceArn: StreamDescriptionSummary!.StreamARN!,
    FilterCriteria: { Filters: [{ Pattern: '{"data":{"kind":["order"]}}' }] },
    FunctionResponseTypes: ['ReportBatchItemFailures' as const],
    MaximumBatchingWindowInSeconds: 1,
    MaximumRecordAgeInSeconds: 3600,
    MaximumRetryAttempts: 3,
    ParallelizationFactor: 2,
    StartingPosition: 'TRIM_HORIZON' as const,
    TumblingWindowInSeconds: 0,
  };
  const made = await lambda.send(
    new CreateEventSourceMappingCommand({ ...mapping, FunctionName, Enabled: true, Tags }),
  );
  const read = () => lambda.send(new GetEventSourceMappingCommand({ UUID: made.UUID! }));
  const isEnabled = ({ State }: EventSourceMappingConfiguration) => State === 'Enabled';
  const found = await waited(read, isEnabled);
  const names = Object.keys(mapping) as (keyof typeof mapping)[];
  assert.deepEqual(Object.fromEntries(names.map((name) => [name, found[name]])), mapping);
  assert.equal(found.FunctionArn, functionArn);
  const Resource = found.EventSourceMappingArn!;
  assert.deepEqual((await lambda.send(new ListTagsCommand({ Resource }))).Tags, Tags);

  await lambda.send(new UpdateEventSourceMappingCommand({ UUID: made.UUID!, FunctionName, BatchSize: 20 }));
  const changed = await waited(read, isEnabled);
  assert.deepEqual([changed.BatchSize, changed.StartingPosition], [20, 'TRIM_HORIZON']);
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID: made.UUID!, Enabled: false }));
  await waited(read, ({ State }) => State === 'Disabled');
  await lambda.send(new TagResourceCommand({ Resource, Tags: { stage: 'live' } }));
  assert.deepEqual((await lambda.send(new ListTagsCommand({ Resource }))).Tags, { ...Tags, stage: 'live' });

  await lambda.send(new DeleteEventSourceMappingCommand({ UUID: made.UUID! }));
  await waited(() => isGone(read), Boolean);
});
