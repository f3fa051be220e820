import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatShardId, parseShardId } from '../../src/kinesis/shard-id.ts';

test('an id is the index in twelve digits', () => {
  assert.equal(formatShardId(0), 'shardId-000000000000');
  assert.equal(formatShardId(0x7fff_ffff), 'shardId-002147483647');
});

test('a negative index, which only a sequence number can encode, spends a digit on its sign', () => {
  assert.equal(formatShardId(-1), 'shardId--00000000001');
  assert.equal(formatShardId(-0x8000_0000), 'shardId--02147483648');
});

test('what follows the first dash counts, whatever stands before it', () => {
  for (const text of ['0', 'shard-0', 'abc-0', '-0000', 'shardId-000000000000', '0'.repeat(128)]) {
    assert.equal(parseShardId(text), 0, text);
  }
  assert.equal(parseShardId('shardId-2147483647'), 0x7fff_ffff);
});

test('what is no index of 31 bits is no shard id', () => {
  const wrong = ['2147483648', 'ABKLFD8', '2.14E4', 'shardId-', '', 'a-b-1', '-1-1', '0x1', '٣', ' 1', '1\n'];
  for (const text of wrong) assert.equal(parseShardId(text), undefined, text);
});
