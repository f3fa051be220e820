import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchOf } from '../../../../harness/shard-text.ts';
import type { Epoch } from '../../../../src/log/embedded/format/epoch.ts';
import {
  decodeFrame,
  type Frame,
  frameHeaderBytes,
  frameKinds,
} from '../../../../src/log/embedded/format/frame.ts';
import type { NewFrame } from '../../../../src/log/embedded/write/round.ts';
import { SegmentWriter } from '../../../../src/log/embedded/write/segment-writer.ts';

const epoch: Epoch = { high: 1, low: 2 };
const begin = 500;

/** A file in memory, which may refuse. */
class MemoryFile {
  bytes = Buffer.alloc(begin);
  isFull = false;

  async write(buffers: readonly Buffer[], position: number): Promise<void> {
    if (this.isFull) throw new Error('no space left');
    assert.equal(position, this.bytes.length, 'it is written at its end');
    this.bytes = Buffer.concat([this.bytes, ...buffers]);
  }

  frames(): Frame[] {
    const frames: Frame[] = [];
    for (let at = begin; at < this.bytes.length; ) {
      const frame = decodeFrame(this.bytes, at, { epoch, path: 'a segment' });
      if (frame === undefined) break;
      frames.push(frame);
      at += frameHeaderBytes + frame.payloadBytes;
    }
    return frames;
  }
}

function frameOf(text: string, first: number): NewFrame {
  const { bytes, count } = batchOf(text);
  const content = { kind: frameKinds.records, shard: 0, count, first, arrival: 1_700_000_000_000 };
  return { ...content, payload: [bytes], payloadBytes: bytes.length };
}

function begun(): { file: MemoryFile; writer: SegmentWriter } {
  const file = new MemoryFile();
  return { file, writer: new SegmentWriter(file, epoch, { chain: 7, sequence: 40 }, begin) };
}

test('each frame names the one before it, its place in the stream, and what was durable before its round', async () => {
  const { file, writer } = begun();
  await writer.append([frameOf('one', 0), frameOf('two', 1)]);
  const { end } = writer;
  await writer.append([frameOf('three', 2)]);
  const [one, two, three] = file.frames();
  assert.deepEqual([one!.chain, two!.chain, three!.chain], [7, one!.crc, two!.crc]);
  assert.deepEqual([one!.sequence, two!.sequence, three!.sequence], [40, 41, 42]);
  assert.deepEqual([one!.watermark, two!.watermark, three!.watermark], [begin, begin, end]);
  assert.deepEqual(writer.link, { chain: three!.crc, sequence: 43 });
  assert.equal(writer.end, file.bytes.length);
});

test('what was refused leaves no trace: the next round takes its place', async () => {
  const { file, writer } = begun();
  const { link, end } = writer;
  file.isFull = true;
  await assert.rejects(writer.append([frameOf('refused', 0)]), /no space left/);
  assert.deepEqual([writer.link, writer.end], [link, end]);
  file.isFull = false;
  await writer.append([frameOf('stored', 0)]);
  assert.deepEqual([file.frames().length, file.frames()[0]!.sequence], [1, 40]);
});

test('a footer is no part of the chain', async () => {
  const { file, writer } = begun();
  await writer.append([frameOf('one', 0)]);
  await writer.finish(Buffer.from('a footer'), 3);
  const [one, footer] = file.frames();
  assert.deepEqual([footer!.kind, footer!.count, footer!.chain], [frameKinds.footer, 3, one!.crc]);
  assert.deepEqual(writer.link, { chain: one!.crc, sequence: 42 });
});
