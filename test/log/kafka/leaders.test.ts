import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClusterMetadata, PartitionMetadata } from '../../../src/env/kafka.ts';
import { errorCodes } from '../../../src/log/kafka/error-codes.ts';
import { Leaders } from '../../../src/log/kafka/leaders.ts';
import { DamagedError } from '../../../src/log/log.ts';

const of = { topic: 'topic', partition: 0 };

function metadata(leader: number, leaderEpoch: number, id = 'aa', error = 0): ClusterMetadata {
  const replicas = [1, 2, 3];
  const partition: PartitionMetadata = {
    partition: 0,
    error: 0,
    leader,
    leaderEpoch,
    replicas,
    inSync: replicas,
  };
  const partitions = error === 0 ? [partition] : [];
  return { clusterId: 'c', controller: 1, brokers: [], topics: [{ topic: 'topic', error, id, partitions }] };
}

test('an epoch of a leader that another has replaced does not come back', () => {
  const leaders = new Leaders();
  leaders.learn(metadata(1, 4));
  leaders.learn(metadata(2, 5));
  leaders.learn(metadata(1, 4));
  assert.deepEqual(leaders.of(of), { broker: 2, epoch: 5, others: [1, 3] });
  leaders.doubt(of, { broker: 2, epoch: 5 });
  assert.equal(leaders.of(of), undefined);
  leaders.learn(metadata(1, 4));
  assert.equal(leaders.of(of), undefined);
  leaders.learn(metadata(2, 5));
  assert.deepEqual(leaders.of(of), { broker: 2, epoch: 5, others: [1, 3] });
});

test('a doubt about a leader that is known no more changes nothing', () => {
  const leaders = new Leaders();
  leaders.learn(metadata(2, 5));
  leaders.doubt(of, { broker: 1, epoch: 4 });
  assert.deepEqual(leaders.of(of), { broker: 2, epoch: 5, others: [1, 3] });
});

test('a partition without a leader has none, and neither has a topic that is gone', () => {
  const leaders = new Leaders();
  leaders.learn(metadata(1, 4));
  leaders.learn(metadata(-1, 5));
  assert.equal(leaders.of(of), undefined);
  leaders.learn(metadata(1, 6));
  leaders.learn(metadata(-1, -1, '00', errorCodes.unknownTopicOrPartition));
  assert.equal(leaders.of(of), undefined);
  leaders.check('topic');
});

test('a topic of the same name and another id is refused until it is forgotten on purpose', () => {
  const leaders = new Leaders();
  leaders.learn(metadata(1, 4));
  leaders.learn(metadata(-1, -1, '00', errorCodes.unknownTopicOrPartition));
  leaders.learn(metadata(2, 0, 'bb'));
  assert.equal(leaders.of(of), undefined);
  assert.throws(() => leaders.check('topic'), DamagedError);
  leaders.forget('topic');
  leaders.learn(metadata(2, 0, 'bb'));
  assert.deepEqual(leaders.of(of), { broker: 2, epoch: 0, others: [1, 3] });
});

test('of a topic that is not in use only the identity and the epochs are kept', () => {
  const leaders = new Leaders();
  leaders.learn(metadata(2, 5));
  assert.deepEqual(leaders.used(), ['topic']);
  assert.deepEqual(leaders.used(), []);
  assert.equal(leaders.of(of), undefined);
  leaders.learn(metadata(1, 4));
  assert.equal(leaders.of(of), undefined);
  leaders.learn(metadata(3, 6));
  assert.deepEqual(leaders.of(of), { broker: 3, epoch: 6, others: [1, 2] });
  assert.deepEqual(leaders.used(), ['topic']);
});
