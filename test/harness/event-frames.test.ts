import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventFrames } from '../../harness/event-frames.ts';
import { encodeEvent, encodeException } from '../../src/wire/event-stream.ts';

const bytes = Buffer.concat([
  encodeEvent('SubscribeToShardEvent', Buffer.from('{"Records":[]}')),
  encodeException('ResourceInUseException', 'taken over'),
]);

test('messages are found however the bytes are cut', () => {
  for (let cut = 0; cut <= bytes.length; cut++) {
    const frames = new EventFrames();
    const found = [...frames.take(bytes.subarray(0, cut)), ...frames.take(bytes.subarray(cut))];
    assert.deepEqual(
      found.map(({ type, payload }) => [type, payload.toString()]),
      [
        ['SubscribeToShardEvent', '{"Records":[]}'],
        ['ResourceInUseException', '{"message":"taken over"}'],
      ],
    );
  }
});

test('no message passes with a bit flipped', () => {
  const message = encodeEvent('SubscribeToShardEvent', Buffer.from('{}'));
  for (let bit = 0; bit < message.length * 8; bit++) {
    const damaged = Buffer.from(message);
    damaged[bit >> 3]! ^= 1 << (bit & 7);
    assert.throws(() => new EventFrames().take(damaged), /the checksum/);
  }
});
