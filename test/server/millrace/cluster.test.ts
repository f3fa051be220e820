import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  GetServerSightAnswer,
  ListReadersAnswer,
  ListStreamSightsAnswer,
} from '../../../src/services/millrace/sights.ts';
import { DeliveryGateways } from '../delivery/delivery-gateways.ts';

test('each gateway shows what all of them have counted, and the leases that one of them holds', async () => {
  const gateways = new DeliveryGateways();
  const both = [await gateways.start(), await gateways.start()] as const;
  const [one, two] = both;
  await gateways.kinesis(one, 'CreateStream', { StreamName: 'orders', ShardCount: 1 });
  const describe = { StreamName: 'orders' };
  type Described = { readonly StreamDescriptionSummary: { readonly StreamStatus: string } };
  await gateways.until(async () => {
    const { StreamDescriptionSummary } = await gateways.kinesis<Described>(
      two,
      'DescribeStreamSummary',
      describe,
    );
    return StreamDescriptionSummary.StreamStatus === 'ACTIVE';
  });
  for (const gateway of both)
    await gateways.kinesis(gateway, 'PutRecord', { StreamName: 'orders', PartitionKey: 'a', Data: 'AAAA' });
  await gateways.dynamodb(one, 'CreateTable', {
    TableName: 'billing',
    KeySchema: [{ AttributeName: 'leaseKey', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'leaseKey', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  await gateways.pass(1_000);
  await gateways.dynamodb(two, 'PutItem', {
    TableName: 'billing',
    Item: {
      leaseKey: { S: 'shardId-000000000000' },
      leaseOwner: { S: 'w' },
      checkpoint: { S: 'TRIM_HORIZON' },
    },
  });
  for (const gateway of both) {
    const { Streams } = await gateways.millrace<ListStreamSightsAnswer>(gateway, 'ListStreamSights', {});
    assert.equal(Streams[0]?.Counts.RecordsIn, 2, gateway.name);
    const { Readers } = await gateways.millrace<ListReadersAnswer>(gateway, 'ListReaders', {
      StreamName: 'orders',
    });
    assert.deepEqual(
      Readers.map(({ Kind, Name, Shards }) => [Kind, Name, Shards[0]?.RecordsBehind]),
      [['kcl', 'billing', 2]],
      gateway.name,
    );
    const sight = await gateways.millrace<GetServerSightAnswer>(gateway, 'GetServerSight', {});
    assert.deepEqual(
      sight.Gateways.map(({ State }) => State),
      ['this one', 'live'],
    );
    assert.equal(sight.Engine, 'kafka');
  }
  await gateways.close(one, two);
});
