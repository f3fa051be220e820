import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SeededRandom } from '../../../harness/random.ts';
import { openPosition, sealPosition } from '../../../src/services/millrace/tail/tail-position.ts';
import { makeTokens } from '../../../src/stream/token.ts';
import { sampleStream } from '../../kinesis/sample.ts';

const tokens = makeTokens(Buffer.alloc(32), new SeededRandom(1));
const stream = sampleStream(3);

test('a gateway that does not know a shard yet keeps how far a tail has come in it', () => {
  const elsewhere = { ...stream, shards: stream.shards.slice(0, 1), nextShard: 1 };
  const positions = {
    0: { next: 3, isFinished: true as const },
    1: { next: 5 },
    2: { next: 0 },
  };
  const id = sealPosition(tokens, stream, positions);
  const there = sealPosition(tokens, elsewhere, openPosition(tokens, elsewhere, id));
  assert.deepEqual(openPosition(tokens, stream, there), positions);
});

test('a position leaves out shards that have expired', () => {
  const later = { ...stream, shards: stream.shards.slice(1) };
  const id = sealPosition(tokens, later, { 0: { next: 3, isFinished: true }, 1: { next: 5 } });
  assert.deepEqual(openPosition(tokens, later, id), { 1: { next: 5 } });
});
