import assert from 'node:assert/strict';
import { FrameReader, framePieces } from '../../src/http/peers/frame-reader.ts';
import type { Target } from '../target.ts';

const messages = [
  { id: 1, method: 'append', key: { stream: 's', shard: 3 }, bytes: Buffer.from('records') },
  [true, false, null, undefined, -1, 2 ** 40, 0.5, 'text', new Float64Array([1, 2])],
  {},
];

/**
 * What a server of a cluster is sent by another one, in pieces of any size: messages, or a RangeError or a
 * TypeError. Messages are the same whatever the pieces are, and once more when they are sent on.
 */
export const peerFramesTarget: Target = {
  name: 'peer-frames',
  seeds: [...messages.map((message) => bytesOf([message])), bytesOf(messages)],
  words: ['\0\0\0\0', '\xff\xff\xff\xff', '\xd8\x56', '\xfb', '\x1b', '\xa1\x61', '\x9b', 'append'],
  run: (input) => {
    const whole = read([input]);
    const pieces = Array.from({ length: Math.ceil(input.length / 3) }, (_, nth) => nth * 3);
    const piecewise = read(pieces.map((at) => input.subarray(at, at + 3)));
    assert.deepEqual(piecewise, whole);
    const again = read([bytesOf(whole.messages)]);
    assert.deepEqual(again.messages, whole.messages);
    return `${whole.messages.map((message) => typeof message)} ${whole.trouble}`;
  },
};

type Read = { readonly messages: readonly unknown[]; readonly trouble: string };

function read(pieces: readonly Buffer[]): Read {
  const received: unknown[] = [];
  const reader = new FrameReader();
  try {
    for (const piece of pieces) reader.read(piece, (message) => received.push(message));
  } catch (error) {
    if (!(error instanceof RangeError || error instanceof TypeError)) throw error;
    return { messages: received, trouble: error.message.replace(/\d+/g, 'N') };
  }
  return { messages: received, trouble: 'none' };
}

function bytesOf(all: readonly unknown[]): Buffer {
  return Buffer.concat(all.flatMap((message) => framePieces(message).pieces));
}
