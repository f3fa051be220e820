import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashKeyMax } from '../../../src/kinesis/hash-key.ts';
import { sequenceNumberOf } from '../../../src/kinesis/sequence-number.ts';
import { type Consumer, newStreamSettings, type Stream } from '../../../src/kinesis/stream.ts';
import { placeOf, streamsOfApplication } from '../../../src/server/millrace/application-streams.ts';
import type { Lease, LeaseTable } from '../../../src/services/millrace/parts/lease-table.ts';

const second = 1_700_000_000_000;

function streamOf(name: string, createdAt = second, shards = 1): Stream {
  const width = (hashKeyMax + 1n) / BigInt(shards);
  return {
    ...{ account: '000000000000', region: 'us-east-1', name, id: name, status: 'ACTIVE', createdAt },
    ...newStreamSettings,
    shards: Array.from({ length: shards }, (_, index) => ({
      ...{ index, parents: [], createdAt },
      range: { first: width * BigInt(index), last: width * BigInt(index + 1) - 1n },
    })),
    ...{ nextShard: shards, consumers: [] },
  };
}

const leaseOf = (lease: Partial<Lease> = {}): Lease => ({
  ...{ shard: 0, checkpoint: 'TRIM_HORIZON', counter: 1 },
  ...lease,
});

function foundIn(streams: readonly Stream[], table: Partial<LeaseTable>): (string | undefined)[] {
  const whole = {
    application: 'app',
    tableId: 'x',
    leases: [leaseOf()],
    streams: [],
    isCut: false,
    ...table,
  };
  const byName = new Map(streams.map((stream) => [stream.name, stream]));
  return streamsOfApplication(whole, byName).map(({ stream }) => stream?.name);
}

test('a checkpoint tells the stream by the second in which its shard was opened', () => {
  const [orders, clicks] = [streamOf('orders'), streamOf('clicks', second + 5_000)];
  const checkpoint = sequenceNumberOf(clicks.shards[0]!, 7, second + 9_000);
  assert.deepEqual(foundIn([orders, clicks], { leases: [leaseOf({ checkpoint })] }), ['clicks']);
  const gone = sequenceNumberOf({ index: 0, createdAt: second - 5_000 }, 7, second);
  assert.deepEqual(foundIn([orders, clicks], { leases: [leaseOf({ checkpoint: gone })] }), [undefined]);
});

test('ranges of shards, numbers of shards, consumers and names tell streams apart that are of one second', () => {
  const [orders, clicks] = [streamOf('orders', second, 2), streamOf('clicks')];
  const range = { first: '0', last: String(hashKeyMax) };
  assert.deepEqual(foundIn([orders, clicks], { leases: [leaseOf({ range })] }), ['clicks']);
  assert.deepEqual(foundIn([orders, clicks], { leases: [leaseOf({ shard: 1 })] }), ['orders']);
  assert.deepEqual(foundIn([orders, clicks], {}), [undefined]);
  assert.deepEqual(foundIn([orders, clicks], { application: 'clicks-to-lake' }), ['clicks']);
  const consumer: Consumer = {
    ...{ name: 'app', status: 'ACTIVE', createdAt: second, since: second, tags: [], policy: null },
  };
  assert.deepEqual(foundIn([{ ...orders, consumers: [consumer] }, clicks], {}), ['orders']);
});

test('what a table says of its streams counts more than what fits', () => {
  const streams = [streamOf('orders'), streamOf('clicks')];
  assert.deepEqual(foundIn(streams, { streams: ['clicks'] }), ['clicks']);
  const leases = ['orders', 'clicks'].map((name) =>
    leaseOf({ stream: `000000000000:${name}:${second / 1000}` }),
  );
  assert.deepEqual(foundIn(streams, { leases }), ['orders', 'clicks']);
  const other = [leaseOf({ stream: `111111111111:orders:${second / 1000}` })];
  assert.deepEqual(foundIn(streams, { leases: other }), [undefined]);
});

test('a worker goes on behind the record of its checkpoint', () => {
  const { shards } = streamOf('orders');
  const at = (checkpoint: string) => {
    const found = streamsOfApplication(
      {
        ...{ application: 'a', tableId: 'x', streams: [], isCut: false },
        leases: [leaseOf({ checkpoint })],
      },
      new Map([['orders', streamOf('orders')]]),
    );
    return placeOf(found[0]!.leases[0]!);
  };
  assert.equal(at(sequenceNumberOf(shards[0]!, 7, second)), 8);
  assert.equal(at('TRIM_HORIZON'), 0);
  assert.equal(at('SHARD_END'), Number.POSITIVE_INFINITY);
  assert.equal(at('LATEST'), undefined);
  assert.equal(at('AT_TIMESTAMP'), undefined);
});
