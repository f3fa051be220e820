import assert from 'node:assert/strict';
import { EventFrames } from '../../harness/event-frames.ts';
import { encodeEvent } from '../../src/wire/event-stream.ts';
import { seedsOf, type Target } from '../target.ts';

/**
 * Messages of an event stream, which a client's reader takes apart: the first line is a type, the other lines
 * are pieces of a payload. They come through whole, however the bytes are cut, and no changed one passes.
 */
export const eventStreamTarget: Target = {
  name: 'event-stream',
  seeds: seedsOf('SubscribeToShardEvent\n{"Records":[]}', 'a\n\n', '\nab\ncd\n'),
  words: ['\n', '\0', '\xff', 'é', '\0\0\0\x10', 'x'.repeat(300)],
  run: (input) => {
    const [type = '', ...pieces] = input.toString('latin1').split('\n');
    const payload = pieces.map((piece) => Buffer.from(piece, 'latin1'));
    const message = encodeEvent(type, ...payload);
    const frames = new EventFrames();
    const cut = message.length % 7;
    const read = [message, message].flatMap((bytes) => [
      ...frames.take(bytes.subarray(0, cut)),
      ...frames.take(bytes.subarray(cut)),
    ]);
    const expected = { type, payload: Buffer.concat(payload) };
    assert.deepEqual(read, [expected, expected]);
    const at = (input.length * 31) % message.length;
    message[at]! ^= 1 << (input.length % 8);
    assert(!isRead(message), 'a message that was changed is read');
    return `${Math.min(pieces.length, 4)} pieces, ${type.length > 255 ? 'long' : 'short'}`;
  },
};

function isRead(message: Buffer): boolean {
  try {
    return new EventFrames().take(message).length > 0;
  } catch {
    return false;
  }
}
