import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateDeliveryStreamCommand,
  DeleteDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  ListDeliveryStreamsCommand,
  ListTagsForDeliveryStreamCommand,
  PutRecordBatchCommand,
  PutRecordCommand,
  TagDeliveryStreamCommand,
  UntagDeliveryStreamCommand,
  UpdateDestinationCommand,
} from '@aws-sdk/client-firehose';
import { streamsOf } from '../../../src/catalog/state.ts';
import { OverloadedError } from '../../../src/log/log.ts';
import { account, FirehoseBench, refusalOf, region, role, toS3 } from './firehose-bench.ts';

const DeliveryStreamName = 'flights';

async function describe({ client }: FirehoseBench, name = DeliveryStreamName) {
  const { DeliveryStreamDescription } = await client.send(
    new DescribeDeliveryStreamCommand({ DeliveryStreamName: name }),
  );
  return DeliveryStreamDescription!;
}

/** A bench with a delivery stream that takes records. */
async function withStream(changes: object = {}) {
  const bench = await FirehoseBench.start();
  const ExtendedS3DestinationConfiguration = toS3(changes);
  await bench.client.send(
    new CreateDeliveryStreamCommand({ DeliveryStreamName, ExtendedS3DestinationConfiguration }),
  );
  await bench.settle();
  return bench;
}

test('a delivery stream is CREATING, then ACTIVE, and described with all defaults', async () => {
  const bench = await FirehoseBench.start();
  const { DeliveryStreamARN } = await bench.client.send(
    new CreateDeliveryStreamCommand({ DeliveryStreamName, S3DestinationConfiguration: toS3({}) }),
  );
  assert.equal(DeliveryStreamARN, `arn:aws:firehose:${region}:${account}:deliverystream/flights`);
  assert.equal((await describe(bench)).DeliveryStreamStatus, 'CREATING');
  await bench.settle();
  const { CreateTimestamp, Destinations, ...described } = await describe(bench);
  assert.ok(CreateTimestamp instanceof Date);
  assert.deepEqual(described, {
    DeliveryStreamName,
    DeliveryStreamARN,
    DeliveryStreamStatus: 'ACTIVE',
    DeliveryStreamEncryptionConfiguration: { Status: 'DISABLED' },
    DeliveryStreamType: 'DirectPut',
    VersionId: '1',
    HasMoreDestinations: false,
  });
  const plain = {
    RoleARN: role,
    BucketARN: 'arn:aws:s3:::lake',
    BufferingHints: { SizeInMBs: 5, IntervalInSeconds: 300 },
    CompressionFormat: 'UNCOMPRESSED',
    EncryptionConfiguration: { NoEncryptionConfig: 'NoEncryption' },
    CloudWatchLoggingOptions: { Enabled: false },
  };
  assert.deepEqual(Destinations, [
    {
      DestinationId: 'destinationId-000000000001',
      S3DestinationDescription: plain,
      ExtendedS3DestinationDescription: { ...plain, S3BackupMode: 'Disabled' },
    },
  ]);
});

test('what is put is in a stream that nobody can name, in order, and not before there is one', async () => {
  const bench = await FirehoseBench.start();
  const { client, catalog, log } = bench;
  const put = (Data: Buffer) => client.send(new PutRecordCommand({ DeliveryStreamName, Record: { Data } }));
  assert.equal(
    await refusalOf(put(Buffer.from('early'))),
    `400 ResourceNotFoundException: Firehose flights under account ${account} not found.`,
  );
  await client.send(
    new CreateDeliveryStreamCommand({ DeliveryStreamName, S3DestinationConfiguration: toS3({}) }),
  );
  assert.match(await refusalOf(put(Buffer.from('early'))), /^400 ResourceNotFoundException/);
  await bench.settle();
  const { RecordId, Encrypted } = await put(Buffer.from('first'));
  const { FailedPutCount, RequestResponses } = await client.send(
    new PutRecordBatchCommand({
      DeliveryStreamName,
      Records: ['second', 'third'].map((text) => ({ Data: Buffer.from(text) })),
    }),
  );
  assert.equal(Encrypted, false);
  assert.equal(FailedPutCount, 0);
  const ids = [RecordId!, ...RequestResponses!.map((response) => response.RecordId!)];
  assert.equal(new Set(ids).size, 3);
  assert.deepEqual(ids.toSorted(), ids);
  const hidden = catalog.state.streams.get(`${account}/${region}/firehose/flights`)!;
  assert.equal(hidden.retentionHours, 168);
  assert.deepEqual(streamsOf(catalog.state, { account, region }), []);
  const { end } = await log.position({ stream: hidden.id, shard: 0 });
  assert.equal(end, 3);
});

test('a batch above 4 MiB, and a record above 1,000 KiB, are refused', async () => {
  const { client } = await withStream();
  const Records = Array.from({ length: 5 }, () => ({ Data: Buffer.alloc(1_000_000) }));
  assert.match(
    await refusalOf(client.send(new PutRecordBatchCommand({ DeliveryStreamName, Records }))),
    /^400 InvalidArgumentException: Records size exceeds 4 MB limit$/,
  );
  const Record = { Data: Buffer.alloc(1_024_001) };
  assert.match(
    await refusalOf(client.send(new PutRecordCommand({ DeliveryStreamName, Record }))),
    /^400 ValidationException: 1 validation error detected: .*less than or equal to 1024000$/,
  );
});

test('a record that fails says whether to try it again', async () => {
  const bench = await withStream();
  const Record = { Data: Buffer.from('x') };
  bench.trouble = new OverloadedError('full');
  assert.equal(
    await refusalOf(bench.client.send(new PutRecordCommand({ DeliveryStreamName, Record }))),
    '500 ServiceUnavailableException: The server is overloaded; try again.',
  );
  const batch = new PutRecordBatchCommand({ DeliveryStreamName, Records: [Record, Record] });
  const { FailedPutCount, RequestResponses } = await bench.client.send(batch);
  assert.equal(FailedPutCount, 2);
  assert.equal(RequestResponses![1]!.ErrorCode, 'ServiceUnavailableException');
  bench.trouble = new Error('unforeseen');
  const unforeseen = await bench.client.send(batch);
  assert.equal(unforeseen.RequestResponses![0]!.ErrorCode, 'InternalFailure');
});

test('one that reads a stream takes no puts', async () => {
  const bench = await FirehoseBench.start();
  const { client } = bench;
  await client.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName,
      DeliveryStreamType: 'KinesisStreamAsSource',
      KinesisStreamSourceConfiguration: {
        KinesisStreamARN: `arn:aws:kinesis:${region}:${account}:stream/source`,
        RoleARN: role,
      },
      ExtendedS3DestinationConfiguration: toS3({}),
    }),
  );
  await bench.settle();
  const Record = { Data: Buffer.from('x') };
  assert.equal(
    await refusalOf(client.send(new PutRecordCommand({ DeliveryStreamName, Record }))),
    '400 InvalidArgumentException: This operation is not permitted on KinesisStreamAsSource delivery stream type.',
  );
  assert.equal(bench.catalog.state.streams.size, 0);
  const { Source } = await describe(bench);
  assert.equal(Source?.KinesisStreamSourceDescription?.RoleARN, role);
});

test('names are listed a page at a time, of one type or all', async () => {
  const { client } = await FirehoseBench.start();
  for (const name of ['c', 'a', 'b']) {
    await client.send(
      new CreateDeliveryStreamCommand({
        DeliveryStreamName: name,
        S3DestinationConfiguration: toS3({}),
      }),
    );
  }
  const list = (input: object) => client.send(new ListDeliveryStreamsCommand(input));
  const first = await list({ Limit: 2 });
  assert.deepEqual([first.DeliveryStreamNames, first.HasMoreDeliveryStreams], [['a', 'b'], true]);
  const rest = await list({ Limit: 2, ExclusiveStartDeliveryStreamName: 'b' });
  assert.deepEqual([rest.DeliveryStreamNames, rest.HasMoreDeliveryStreams], [['c'], false]);
  const others = await list({ DeliveryStreamType: 'KinesisStreamAsSource' });
  assert.deepEqual(others.DeliveryStreamNames, []);
});

test('an update merges member by member, and is refused for another version', async () => {
  const bench = await withStream({ Prefix: 'raw/', CompressionFormat: 'GZIP' });
  const update = (CurrentDeliveryStreamVersionId: string, ExtendedS3DestinationUpdate: object) =>
    bench.client.send(
      new UpdateDestinationCommand({
        DeliveryStreamName,
        CurrentDeliveryStreamVersionId,
        DestinationId: 'destinationId-000000000001',
        ExtendedS3DestinationUpdate,
      }),
    );
  await update('1', { BufferingHints: { SizeInMBs: 1, IntervalInSeconds: 0 } });
  const { VersionId, Destinations } = await describe(bench);
  const { Prefix, CompressionFormat, BufferingHints } = Destinations![0]!.ExtendedS3DestinationDescription!;
  assert.deepEqual(
    [VersionId, Prefix, CompressionFormat, BufferingHints],
    ['2', 'raw/', 'GZIP', { SizeInMBs: 1, IntervalInSeconds: 0 }],
  );
  assert.equal(
    await refusalOf(update('1', { Prefix: 'x/' })),
    '400 ConcurrentModificationException: Cannot update firehose: flights since the current version id: 2 and ' +
      'specified version id: 1 do not match',
  );
});

test('one that is deleted goes with what was put to it, and its name is free again', async () => {
  const bench = await withStream();
  const { client, catalog, journal } = bench;
  await client.send(new DeleteDeliveryStreamCommand({ DeliveryStreamName }));
  assert.equal((await describe(bench)).DeliveryStreamStatus, 'DELETING');
  assert.deepEqual(bench.specs(), []);
  assert.match(
    await refusalOf(
      client.send(
        new CreateDeliveryStreamCommand({ DeliveryStreamName, S3DestinationConfiguration: toS3({}) }),
      ),
    ),
    /^400 ResourceInUseException: Firehose flights under accountId \d+ already exists$/,
  );
  await bench.settle();
  assert.match(await refusalOf(describe(bench)), /^400 ResourceNotFoundException/);
  assert.equal(catalog.state.streams.size, 0);
  assert.deepEqual([...journal.state.entries('stream')], []);
});

test('a hidden stream without a delivery stream goes', async () => {
  const bench = await withStream();
  const key = `${account}/${region}/flights`;
  await bench.journal.commit(() => [{ kind: 'forgotten', of: 'stream', key }]);
  await bench.settle();
  assert.equal(bench.catalog.state.streams.size, 0);
});

test('tags are kept by key, 50 at most, and none that AWS reserves', async () => {
  const { client } = await withStream();
  const tag = (Tags: { Key: string; Value?: string }[]) =>
    client.send(new TagDeliveryStreamCommand({ DeliveryStreamName, Tags }));
  await tag([
    { Key: 'b', Value: '1' },
    { Key: 'a', Value: '2' },
  ]);
  await tag([{ Key: 'b', Value: '3' }]);
  await client.send(new UntagDeliveryStreamCommand({ DeliveryStreamName, TagKeys: ['a', 'none'] }));
  const { Tags, HasMoreTags } = await client.send(
    new ListTagsForDeliveryStreamCommand({ DeliveryStreamName }),
  );
  assert.deepEqual([Tags, HasMoreTags], [[{ Key: 'b', Value: '3' }], false]);
  const many = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}` }));
  assert.match(await refusalOf(tag(many)), /^400 LimitExceededException/);
  assert.match(await refusalOf(tag([{ Key: 'aws:x' }])), /^400 InvalidArgumentException/);
});

test('a worker puts by what the catalog says, and asks the owner about what it does not know', async () => {
  const bench = await withStream();
  const { clientOfWorker: worker } = bench;
  const Record = { Data: Buffer.from('x') };
  const { RecordId } = await worker.send(new PutRecordCommand({ DeliveryStreamName, Record }));
  assert.ok(RecordId);
  const Records = Array.from({ length: 3 }, () => ({ Data: Buffer.alloc(1_000_000) }));
  const other = { DeliveryStreamName: 'other', Records };
  assert.equal(
    await refusalOf(worker.send(new PutRecordBatchCommand(other))),
    `400 ResourceNotFoundException: Firehose other under account ${account} not found.`,
  );
  const stored = await worker.send(new PutRecordBatchCommand({ DeliveryStreamName, Records }));
  assert.equal(stored.FailedPutCount, 0);
  const { DeliveryStreamNames } = await worker.send(new ListDeliveryStreamsCommand({}));
  assert.deepEqual(DeliveryStreamNames, [DeliveryStreamName]);
});

test('the access key of an endpoint stays with it, and goes to no other', async () => {
  const bench = await FirehoseBench.start();
  const Url = 'https://one.test/records';
  await bench.client.send(
    new CreateDeliveryStreamCommand({
      DeliveryStreamName,
      HttpEndpointDestinationConfiguration: {
        EndpointConfiguration: { Url, AccessKey: 'of-one' },
        S3Configuration: toS3({}),
      },
    }),
  );
  await bench.settle();
  const keyAfter = async (EndpointConfiguration: { Url: string; AccessKey?: string }) => {
    const { VersionId, Destinations } = await describe(bench);
    await bench.client.send(
      new UpdateDestinationCommand({
        ...{ DeliveryStreamName, CurrentDeliveryStreamVersionId: VersionId },
        DestinationId: Destinations![0]!.DestinationId,
        HttpEndpointDestinationUpdate: { EndpointConfiguration },
      }),
    );
    const [{ destination }] = bench.specs() as [ReturnType<typeof bench.specs>[number]];
    assert.equal(destination.kind, 'http');
    return destination.kind === 'http' ? destination.accessKey : undefined;
  };
  assert.equal(await keyAfter({ Url: 'https://one.test/elsewhere' }), 'of-one');
  assert.equal(await keyAfter({ Url: 'https://two.test/records' }), undefined);
  assert.equal(await keyAfter({ Url: 'https://two.test/records', AccessKey: 'of-two' }), 'of-two');
  bench.refusedUrl = () => 'not there';
  assert.match(
    await refusalOf(keyAfter({ Url: 'https://three.test/records' })),
    /^403 AccessDeniedException: not there/,
  );
});
