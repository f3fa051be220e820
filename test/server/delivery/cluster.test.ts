import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DeliveryGateways, linesFrom } from './delivery-gateways.ts';

test('what is put at any gateway is delivered by one, and each of them tells of it', async () => {
  const gateways = new DeliveryGateways();
  const [one, two] = [await gateways.start(), await gateways.start()];
  await gateways.create(two, 'lines', 1);
  const lines = [linesFrom('one', 20), linesFrom('two', 20)] as const;
  await gateways.put(one, 'lines', ...lines[0]);
  await gateways.put(two, 'lines', ...lines[1]);
  await gateways.until(() => gateways.linesOf('lines').length >= 40);
  assert.deepEqual(gateways.linesOf('lines'), lines.flat().sort());
  assert.equal(new Set(gateways.puts.map(({ gateway }) => gateway)).size, 1);
  for (const gateway of [one, two]) {
    await gateways.until(async () => (await gateways.deliveries(gateway))[0]?.Records === 40);
    const [seen, ...others] = await gateways.deliveries(gateway);
    assert.deepEqual([seen?.Name, seen?.State, others.length], ['lines', 'running', 0]);
  }
  await gateways.close(one, two);
});

test('a delivery goes on at another gateway when its own is killed, from what was committed', async () => {
  const gateways = new DeliveryGateways();
  const both = [await gateways.start(), await gateways.start()] as const;
  await gateways.create(both[0], 'lines', 1);
  await gateways.put(both[0], 'lines', ...linesFrom('first', 10));
  await gateways.until(() => gateways.linesOf('lines').length >= 10);
  const [killed, left] = gateways.lastToPut('lines') === both[0].name ? both : [both[1], both[0]];
  // What it has put by then, and nobody knows of, is put again under the same name.
  gateways.silence(({ method }) => method === 'PUT');
  const puts = gateways.puts.length;
  await gateways.put(killed, 'lines', ...linesFrom('second', 10));
  await gateways.until(() => gateways.puts.length > puts);
  gateways.kill(killed);
  gateways.silence(() => false);
  const began = gateways.clock.monotonic();
  await gateways.put(left, 'lines', ...linesFrom('third', 10));
  await gateways.until(() => gateways.linesOf('lines').length >= 30);
  assert.ok(gateways.clock.monotonic() - began < 20_000);
  const all = ['first', 'second', 'third'].flatMap((text) => linesFrom(text, 10));
  assert.deepEqual(gateways.linesOf('lines'), all.sort());
  assert.equal(gateways.lastToPut('lines'), left.name);
  assert.equal(gateways.puts[puts]!.key, gateways.puts[puts + 1]!.key);
  await gateways.close(left);
});

test('a gateway that stood still, with records that it had read, delivers none of them a second time', async () => {
  const gateways = new DeliveryGateways();
  const both = [await gateways.start(), await gateways.start()] as const;
  await gateways.create(both[0], 'lines', 3);
  await gateways.put(both[0], 'lines', ...linesFrom('first', 10));
  await gateways.until(() => gateways.linesOf('lines').length >= 10);
  const [still, other] = gateways.lastToPut('lines') === both[0].name ? both : [both[1], both[0]];
  await gateways.put(other, 'lines', ...linesFrom('second', 10));
  // It has read them, and waits for more.
  await gateways.pass(1_000);
  gateways.stop(still);
  await gateways.until(() => gateways.linesOf('lines').length >= 20);
  assert.equal(gateways.lastToPut('lines'), other.name);
  await gateways.put(other, 'lines', ...linesFrom('third', 10));
  gateways.goOn(still);
  await gateways.until(() => gateways.linesOf('lines').length >= 30);
  await gateways.pass(15_000);
  const all = ['first', 'second', 'third'].flatMap((text) => linesFrom(text, 10));
  assert.deepEqual(gateways.linesOf('lines'), all.sort());
  await gateways.close(...both);
});

test('deliveries move to a gateway that joins, each once what it has read is delivered', async () => {
  const gateways = new DeliveryGateways();
  const one = await gateways.start();
  const names = ['a', 'b', 'c', 'd'];
  for (const name of names) await gateways.create(one, name, 1);
  const two = await gateways.start();
  const sent: string[] = [];
  const putSome = async () => {
    const lines = linesFrom(`${sent.length}`, 5);
    sent.push(...lines);
    for (const name of names) await gateways.put(one, name, ...lines);
    await gateways.until(() => names.every((name) => gateways.linesOf(name).length >= sent.length));
  };
  const isShared = () => new Set(names.map((name) => gateways.lastToPut(name))).size === 2;
  await gateways.until(async () => {
    await gateways.pass(5_000);
    await putSome();
    return isShared();
  }, 70_000);
  await putSome();
  for (const name of names) assert.deepEqual(gateways.linesOf(name), sent.toSorted());
  const states = (await gateways.deliveries(two)).map(({ State }) => State);
  assert.deepEqual(states, ['running', 'running', 'running', 'running']);
  await gateways.close(one, two);
});

test('the topic of what was put to a delivery stream has a legal name, forgets what was delivered, and goes', async () => {
  const gateways = new DeliveryGateways();
  const [one, two] = [await gateways.start(), await gateways.start()];
  await gateways.create(one, 'lines', 1);
  assert.deepEqual(gateways.streamTopics(), [['millrace.main.stream.1', 0]]);
  await gateways.put(two, 'lines', ...linesFrom('first', 10));
  await gateways.until(() => gateways.streamTopics()[0]?.[1] === 10);
  await gateways.firehose(two, 'DeleteDeliveryStream', { DeliveryStreamName: 'lines' });
  await gateways.until(() => gateways.streamTopics().length === 0);
  await gateways.until(async () => (await gateways.deliveries(one)).length === 0);
  await gateways.close(one, two);
});

test('the gateway that makes delivery streams ACTIVE hears at once of the first of them', async () => {
  const gateways = new DeliveryGateways();
  const [one, two] = [await gateways.start(), await gateways.start()];
  await gateways.kinesis(one, 'CreateStream', { StreamName: 'orders', ShardCount: 1 });
  await gateways.pass(5_000);
  const began = gateways.clock.monotonic();
  const KinesisStreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
  await gateways.create(two, 'lines', 1, {
    DeliveryStreamType: 'KinesisStreamAsSource',
    KinesisStreamSourceConfiguration: {
      ...{ KinesisStreamARN, RoleARN: 'arn:aws:iam::000000000000:role/delivery' },
    },
  });
  assert.ok(gateways.clock.monotonic() - began < 10_000);
  await gateways.close(one, two);
});

test('a channel is made ready by the gateway that has the duty, and delivers what is put once it is ACTIVE', async () => {
  const gateways = new DeliveryGateways();
  const [one, two] = [await gateways.start(), await gateways.start()];
  await gateways.kinesis(one, 'CreateStream', { StreamName: 'orders' });
  const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders';
  await gateways.until(async () => {
    type Described = { readonly StreamDescriptionSummary: { readonly StreamStatus: string } };
    const { StreamDescriptionSummary } = await gateways.kinesis<Described>(two, 'DescribeStreamSummary', {
      StreamARN,
    });
    return StreamDescriptionSummary.StreamStatus === 'ACTIVE';
  });
  const storage = { BucketARN: 'arn:aws:s3:::lake', ExpectedBucketOwner: '111122223333' };
  type Made = {
    readonly ChannelDescription: { readonly ChannelARN: string; readonly ChannelStatus: string };
  };
  const { ChannelDescription } = await gateways.kinesis<Made>(two, 'CreateChannel', {
    ChannelName: 'to-lake',
    ServiceExecutionRoleARN: 'arn:aws:iam::000000000000:role/delivers',
    StreamConfigurationList: [{ StreamARN, RecordConfiguration: { RecordFormatType: 'STRING' } }],
    S3DestinationConfiguration: {
      DataFreshnessInSeconds: 1,
      StorageConfiguration: {
        ...storage,
        OutputKeyTemplate: 'orders/!{channel-name}',
        CompressionType: 'NONE',
      },
    },
  });
  const { ChannelARN } = ChannelDescription;
  await gateways.until(async () => {
    const seen = await gateways.kinesis<Made>(one, 'DescribeChannel', { ChannelARN });
    return seen.ChannelDescription.ChannelStatus === 'ACTIVE';
  });
  const texts = linesFrom('order', 20);
  const Records = texts.map((text) => ({ PartitionKey: text, Data: Buffer.from(text).toString('base64') }));
  await gateways.kinesis(one, 'PutRecords', { StreamARN, Records });
  await gateways.until(() => gateways.linesOf('orders').length >= texts.length);
  assert.deepEqual(gateways.linesOf('orders'), texts.toSorted());
  await gateways.close(one, two);
});
