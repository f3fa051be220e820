import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyState } from '../../../src/catalog/state.ts';
import { awsQuotas } from '../../../src/services/kinesis/parts/quota.ts';
import { sampleChannel } from '../../kinesis/sample.ts';
import { bucketRequest, schemaArn, tableRequest } from './channel-request.ts';
import { Harness } from './harness.ts';
import { kmsCall } from './kms-call.ts';

type Described = {
  readonly ChannelDescription: {
    readonly ChannelARN: string;
    readonly ChannelStatus: string;
    readonly ChannelStatusReason?: string;
    readonly S3DestinationConfiguration: { readonly DataFreshnessInSeconds: number };
    readonly EncryptionConfiguration?: object;
    readonly LoggingConfiguration: object;
  };
};

async function started(limits: 'aws' | 'none' = 'none', s3?: string): Promise<Harness> {
  const server = await Harness.start({ limits, ...(s3 === undefined ? {} : { s3 }) });
  await server.call('CreateStream', { StreamName: 's' });
  await server.clock.advance(100);
  return server;
}

/** What a channel has come to. What makes it ready is loaded with the first one, which takes its own time. */
async function leaving(server: Harness, status: string, ChannelARN: string) {
  for (;;) {
    const { ChannelDescription } = await server.call<Described>('DescribeChannel', { ChannelARN });
    if (ChannelDescription.ChannelStatus !== status) return ChannelDescription;
    await server.clock.advance(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function refusal(server: Harness, input: object, operation = 'CreateChannel'): Promise<string> {
  const { status, body } = await server.answer(operation, input);
  assert.equal(status, 400, JSON.stringify(body));
  const { __type, message } = body as Record<string, string>;
  return `${__type}: ${message}`;
}

const bucket = { BucketARN: 'arn:aws:s3:::bucket', ExpectedBucketOwner: '000000000000' };
const storage = { ...bucket, CompressionType: 'GZIP' };
const [table] = (
  tableRequest()['S3TablesDestinationConfiguration'] as { S3TablesConfigurationList: object[] }
).S3TablesConfigurationList;
const letters = { DeadLetterQueueS3Configuration: bucket };
const streams = (records: object, ...more: object[]) => ({
  StreamConfigurationList: [
    { StreamARN: 'arn:aws:kinesis:us-east-1:000000000000:stream/s', RecordConfiguration: records },
    ...more,
  ],
});
const toBucket = (S3DestinationConfiguration: object) => bucketRequest({ S3DestinationConfiguration });
const toTables = (...S3TablesConfigurationList: object[]) =>
  tableRequest({ S3TablesDestinationConfiguration: { ...letters, S3TablesConfigurationList } });
const west = (arn: string) => arn.replace('us-east-1', 'us-west-2');

/** Requests in which one thing does not go with another. */
const misfits: readonly (readonly [refused: RegExp, request: object])[] = [
  [
    /^InvalidArgumentException: Either S3Dest.* but not both/,
    bucketRequest({ S3DestinationConfiguration: undefined }),
  ],
  [/^InvalidArgumentException: Either S3Dest.* but not both/, { ...tableRequest(), ...bucketRequest() }],
  [
    /exactly one stream/,
    bucketRequest(
      streams({ RecordFormatType: 'JSON' }, ...streams({ RecordFormatType: 'JSON' }).StreamConfigurationList),
    ),
  ],
  [/exactly one table/, toTables(table!, table!)],
  [/STRING is supported only for general purpose/, tableRequest({}, { RecordFormatType: 'STRING' })],
  [/BYTE_ARRAY is supported only for general purpose/, tableRequest({}, { RecordFormatType: 'BYTE_ARRAY' })],
  [
    /GSR_JSON is supported only for streaming table/,
    bucketRequest(streams({ RecordFormatType: 'GSR_JSON' })),
  ],
  [
    /GSRSchemaARN is supported only/,
    bucketRequest(streams({ RecordFormatType: 'JSON', GSRSchemaARN: schemaArn })),
  ],
  [
    /GSRSchemaARN .* must be in the account and the Region/,
    tableRequest({}, { GSRSchemaARN: west(schemaArn) }),
  ],
  [
    /TableBucketARN .* must be in the account/,
    toTables({ ...table, TableBucketARN: 'arn:aws:s3tables:us-east-1:111111111111:bucket/lake' }),
  ],
  [
    /exactly one field/,
    toTables({
      ...table,
      PartitionSpec: {
        PartitionFields: [
          { Transform: 'TIME_HOUR', SourceName: 'a' },
          { Transform: 'TIME_HOUR', SourceName: 'b' },
        ],
      },
    }),
  ],
  [
    /OutputKeyTemplate a is not valid: it needs an extension/,
    toBucket({ StorageConfiguration: { ...storage, OutputKeyTemplate: 'a' } }),
  ],
  [
    /ErrorOutputPrefix \/e is not valid: it begins/,
    toBucket({
      StorageConfiguration: storage,
      DeadLetterQueueS3Configuration: { ...bucket, ErrorOutputPrefix: '/e' },
    }),
  ],
  [
    /DataFreshnessInSeconds must be between 1 and 900. Specified value was 901/,
    toBucket({ StorageConfiguration: storage, DataFreshnessInSeconds: 901 }),
  ],
  [/Tag key aws:a is reserved/, bucketRequest({ Tags: { 'aws:a': 'b' } })],
  [
    /^InvalidArgumentException: alias\/aws\/kinesis cannot be used/,
    bucketRequest({ EncryptionConfiguration: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } }),
  ],
  [
    /^InvalidArgumentException: alias\/aws\/kinesis cannot be used/,
    bucketRequest({
      EncryptionConfiguration: {
        EncryptionType: 'KMS',
        KeyId: 'arn:aws:kms:us-east-1:000000000000:alias/aws/kinesis',
      },
    }),
  ],
  [
    /^KMSNotFoundException/,
    bucketRequest({ EncryptionConfiguration: { EncryptionType: 'KMS', KeyId: 'alias/nobody' } }),
  ],
  [
    /^KMSNotFoundException/,
    bucketRequest({
      EncryptionConfiguration: { EncryptionType: 'KMS', KeyId: 'arn:aws:kms:us-west-2:000000000000:alias/a' },
    }),
  ],
  [/^ResourceNotFoundException: Stream nobody under account/, bucketRequest({}, 'nobody')],
];

test('a channel of which one thing does not go with another is refused, and is not there', async () => {
  await using server = await started();
  for (const [refused, request] of misfits) assert.match(await refusal(server, request), refused);
  assert.deepEqual(await server.call('ListChannels'), { ChannelSummaries: [] });
});

test('a filter finds the channels of its streams alone, in the region of the call', async () => {
  await using server = await started();
  await server.call('CreateChannel', bucketRequest());
  const found = async (filter: object) => {
    const { ChannelSummaries } = await server.call<{ ChannelSummaries: object[] }>('ListChannels', {
      StreamFilter: [filter],
    });
    return ChannelSummaries.length;
  };
  const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';
  assert.equal(await found({ StreamARN }), 1);
  assert.equal(await found({ StreamARN, StreamCreationTimestamp: 1_700_000_000 }), 1);
  assert.equal(await found({ StreamARN, StreamCreationTimestamp: 1_600_000_000 }), 0);
  assert.equal(await found({ StreamARN: west(StreamARN) }), 0);
  assert.equal(await found({ StreamARN: StreamARN.replace('000000000000', '111111111111') }), 0);
});

test('only an on-demand stream has channels, and none that is on its way out of it', async () => {
  await using server = await started();
  await server.createStream('fixed', 1);
  const provisioned =
    /^ValidationException: Request is invalid. Stream \w+ under account .* is in Provisioned mode/;
  assert.match(await refusal(server, bucketRequest({}, 'fixed')), provisioned);
  const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/s';
  await server.call('UpdateStreamMode', { StreamARN, StreamModeDetails: { StreamMode: 'PROVISIONED' } });
  assert.match(await refusal(server, bucketRequest()), provisioned);
  await server.clock.advance(100);
  await server.call('UpdateStreamMode', { StreamARN, StreamModeDetails: { StreamMode: 'ON_DEMAND' } });
  assert.match(await refusal(server, bucketRequest()), provisioned);
  await server.clock.advance(100);
  await server.call('CreateChannel', bucketRequest());
  await server.call('CreateStream', { StreamName: 'new' });
  const early =
    /^ResourceInUseException: Stream new under account 000000000000 not ACTIVE, instead in state CREATING$/;
  assert.match(await refusal(server, bucketRequest({}, 'new')), early);
});

test("with AWS's limits a stream has one channel of each kind, fresh within 300 seconds at the earliest", async () => {
  await using server = await started('aws');
  const soon = toBucket({ StorageConfiguration: storage, DataFreshnessInSeconds: 299 });
  assert.match(await refusal(server, soon), /DataFreshnessInSeconds must be between 300 and 900/);
  await server.call('CreateChannel', bucketRequest());
  await server.call('CreateChannel', tableRequest());
  await server.clock.advance(1000);
  const second =
    /^LimitExceededException: Stream s under account 000000000000 has a channel with a destination of type/;
  assert.match(await refusal(server, bucketRequest({ ChannelName: 'b' })), second);
  assert.match(await refusal(server, tableRequest({ ChannelName: 'c' })), second);
});

test('an account has two channels for each of its on-demand streams', () => {
  const all = Array.from({ length: 100 }, (_, nth) => sampleChannel({ id: `${nth}`, streamId: `${nth}` }));
  const stateWith = (count: number) => ({
    ...emptyState,
    channels: new Map(all.slice(0, count).map((channel) => [channel.id, channel])),
  });
  const created = sampleChannel({ id: 'new', streamId: 'new' });
  awsQuotas.requireChannelRoom(stateWith(99), created);
  awsQuotas.requireChannelRoom(stateWith(100), { ...created, region: 'eu-west-1' });
  assert.throws(() => awsQuotas.requireChannelRoom(stateWith(100), created), /channel limit.* Limit: 100/);
});

test('operations on channels may be called five times in a second', async () => {
  await using server = await started('aws');
  const ChannelARN = 'arn:aws:kinesis:us-east-1:000000000000:channel/nobody';
  const calls: readonly (readonly [operation: string, input: object])[] = [
    ['CreateChannel', bucketRequest({}, 'nobody')],
    ['ListChannels', {}],
    ...['DescribeChannel', 'UpdateChannel', 'DeleteChannel'].map((name) => [name, { ChannelARN }] as const),
  ];
  for (const [operation, input] of calls) {
    for (let nth = 0; nth < 5; nth++) {
      const { body } = await server.answer(operation, input);
      assert.notEqual((body as { __type?: string }).__type, 'LimitExceededException', operation);
    }
    assert.match(await refusal(server, input, operation), /^LimitExceededException: Rate exceeded/);
  }
});

test('what a channel delivers is encrypted with a key of the customer, as it was named', async () => {
  await using server = await started();
  const { KeyMetadata } = await kmsCall<{ KeyMetadata: { KeyId: string } }>(server, 'CreateKey', {});
  const EncryptionConfiguration = { EncryptionType: 'KMS', KeyId: KeyMetadata.KeyId };
  const { ChannelDescription } = await server.call<Described>(
    'CreateChannel',
    bucketRequest({ EncryptionConfiguration }),
  );
  assert.deepEqual(ChannelDescription.EncryptionConfiguration, EncryptionConfiguration);
});

test('a channel has tags, as streams and consumers have', async () => {
  await using server = await started();
  const request = bucketRequest({ Tags: { team: 'air' } });
  const { ChannelDescription } = await server.call<Described>('CreateChannel', request);
  const ResourceARN = ChannelDescription.ChannelARN;
  await server.call('TagResource', { ResourceARN, Tags: { stage: 'live' } });
  await server.call('UntagResource', { ResourceARN, TagKeys: ['team', 'unknown'] });
  assert.deepEqual(await server.call('ListTagsForResource', { ResourceARN }), {
    Tags: [{ Key: 'stage', Value: 'live' }],
  });
  for (const operation of ['PutResourcePolicy', 'GetResourcePolicy', 'DeleteResourcePolicy']) {
    const refused = await refusal(server, { ResourceARN, Policy: '{}' }, operation);
    assert.match(refused, /^InvalidArgumentException: .* is a channel, to which no resource policy/);
  }
});

test('a channel whose bucket is not there has FAILED and says why; it is only good for being deleted', async () => {
  await using server = await started('none', 'file:///');
  const { ChannelDescription } = await server.call<Described>('CreateChannel', bucketRequest());
  const { ChannelARN } = ChannelDescription;
  const failed = await leaving(server, 'CREATING', ChannelARN);
  assert.equal(failed.ChannelStatus, 'FAILED');
  assert.equal(failed.ChannelStatusReason, 'there is no bucket bucket');
  const change = { S3DestinationConfiguration: { DataFreshnessInSeconds: 600 } };
  assert.match(
    await refusal(server, { ChannelARN, ...change }, 'UpdateChannel'),
    /^ResourceInUseException: Channel \S+ under account 000000000000 not ACTIVE, instead in state FAILED$/,
  );
  await server.call('DeleteChannel', { ChannelARN });
  await server.call('DeleteChannel', { ChannelARN });
  await server.clock.advance(200);
  assert.match(await refusal(server, { ChannelARN }, 'DescribeChannel'), /^ResourceNotFoundException/);
  await server.call('DeleteStream', { StreamName: 's' });
});

test('a channel becomes ACTIVE, and is UPDATING while its freshness and its logging change', async () => {
  await using server = await started('none', 'file:///');
  await server.disk.createDirectory('bucket');
  const { ChannelDescription } = await server.call<Described>('CreateChannel', bucketRequest());
  const { ChannelARN } = ChannelDescription;
  assert.equal((await leaving(server, 'CREATING', ChannelARN)).ChannelStatus, 'ACTIVE');
  assert.match(await refusal(server, { ChannelARN }, 'UpdateChannel'), /must be provided/);
  const other = { S3TablesDestinationConfiguration: { DataFreshnessInSeconds: 600 } };
  assert.match(await refusal(server, { ChannelARN, ...other }, 'UpdateChannel'), /a destination of type S3/);
  const { ChannelDescription: changed } = await server.call<Described>('UpdateChannel', {
    ...{ ChannelARN, S3DestinationConfiguration: { DataFreshnessInSeconds: 600 } },
    LoggingConfiguration: { CloudWatchLogs: { Enabled: true, LogGroupName: '/air' } },
  });
  assert.equal(changed.ChannelStatus, 'UPDATING');
  assert.equal(changed.S3DestinationConfiguration.DataFreshnessInSeconds, 600);
  assert.deepEqual(changed.LoggingConfiguration, {
    CloudWatchLogs: { Enabled: true, LogGroupName: '/air', LogStreamName: 'DestinationDelivery' },
  });
  const again = { ChannelARN, S3DestinationConfiguration: { DataFreshnessInSeconds: 300 } };
  assert.match(await refusal(server, again, 'UpdateChannel'), /instead in state UPDATING$/);
  assert.deepEqual(await leaving(server, 'UPDATING', ChannelARN), { ...changed, ChannelStatus: 'ACTIVE' });
});
