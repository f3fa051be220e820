import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  CreateDeliveryStreamCommand,
  DescribeDeliveryStreamCommand,
  StartDeliveryStreamEncryptionCommand,
  StopDeliveryStreamEncryptionCommand,
} from '@aws-sdk/client-firehose';
import { account, FirehoseBench, refusalOf, region, toS3 } from './firehose-bench.ts';

const DeliveryStreamName = 'flights';
const KeyARN = `arn:aws:kms:${region}:${account}:key/1`;

async function made(changes: object = {}) {
  const bench = await FirehoseBench.start();
  const S3DestinationConfiguration = toS3({});
  await bench.client.send(
    new CreateDeliveryStreamCommand({ DeliveryStreamName, S3DestinationConfiguration, ...changes }),
  );
  return bench;
}

async function encryptionOf({ client, catalog }: FirehoseBench) {
  const { DeliveryStreamDescription } = await client.send(
    new DescribeDeliveryStreamCommand({ DeliveryStreamName }),
  );
  const hidden = catalog.state.streams.get(`${account}/${region}/firehose/flights`);
  const { Status, KeyType } = DeliveryStreamDescription!.DeliveryStreamEncryptionConfiguration!;
  return [Status, KeyType, hidden?.encryptionKey];
}

const start = (bench: FirehoseBench, input: object = { KeyType: 'AWS_OWNED_CMK' }) =>
  bench.client.send(
    new StartDeliveryStreamEncryptionCommand({
      DeliveryStreamName,
      DeliveryStreamEncryptionConfigurationInput: input as { KeyType: 'AWS_OWNED_CMK' },
    }),
  );
const stop = (bench: FirehoseBench) =>
  bench.client.send(new StopDeliveryStreamEncryptionCommand({ DeliveryStreamName }));

test('a delivery stream is encrypted from its beginning with the key that it is made with', async () => {
  const bench = await made({
    DeliveryStreamEncryptionConfigurationInput: { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN },
  });
  assert.deepEqual(await encryptionOf(bench), ['ENABLING', 'CUSTOMER_MANAGED_CMK', KeyARN]);
  await bench.settle();
  assert.deepEqual(await encryptionOf(bench), ['ENABLED', 'CUSTOMER_MANAGED_CMK', KeyARN]);
  assert.deepEqual(bench.keys, [KeyARN]);
});

test('encryption begins and ends, one change at a time', async () => {
  const bench = await made();
  assert.match(await refusalOf(start(bench)), /^400 ResourceInUseException/);
  await bench.settle();
  await start(bench);
  assert.deepEqual(await encryptionOf(bench), ['ENABLING', 'AWS_OWNED_CMK', null]);
  assert.match(await refusalOf(stop(bench)), /^400 ResourceInUseException/);
  await bench.settle();
  assert.deepEqual(await encryptionOf(bench), ['ENABLED', 'AWS_OWNED_CMK', 'alias/aws/kinesis']);
  await stop(bench);
  assert.equal((await encryptionOf(bench))[0], 'DISABLING');
  await bench.settle();
  assert.deepEqual(await encryptionOf(bench), ['DISABLED', undefined, null]);
});

test('it changes 25 times in 24 hours at most', async () => {
  const bench = await made();
  await bench.settle();
  for (let change = 0; change < 25; change++) {
    await (change % 2 === 0 ? start(bench) : stop(bench));
    await bench.settle();
  }
  assert.match(await refusalOf(stop(bench)), /^400 LimitExceededException: .* at most 25 times in 24 hours/);
});

test('a key has to be one, of the region of the delivery stream', async () => {
  const bench = await made();
  await bench.settle();
  const refused = [
    [{ KeyType: 'CUSTOMER_MANAGED_CMK' }, 'KeyARN has to be specified when KeyType is CUSTOMER_MANAGED_CMK'],
    [{ KeyType: 'AWS_OWNED_CMK', KeyARN }, 'KeyARN cannot be specified when KeyType is AWS_OWNED_CMK'],
    [
      { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN: KeyARN.replace(region, 'eu-west-1') },
      'Cross-region keys are not allowed for SSE. Please provide CMKs in the same region as firehose',
    ],
  ] as const;
  for (const [input, text] of refused) {
    assert.equal(await refusalOf(start(bench, input)), `400 InvalidArgumentException: ${text}`);
  }
});
