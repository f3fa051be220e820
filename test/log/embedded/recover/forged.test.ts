import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { frameHeaderBytes, frameMagic } from '../../../../src/log/embedded/format/frame.ts';
import { segmentHeaderBytes } from '../../../../src/log/embedded/format/segment-header.ts';
import { DamagedError } from '../../../../src/log/log.ts';
import { directory, writeDamageable } from '../damageable.ts';
import { EngineOnFakeDisk } from '../on-fake-disk.ts';

const path = `${directory}/000000000001.log`;
const payloadAt = frameHeaderBytes;
const [kindAt, headerBytesAt, firstAt, arrivalAt] = [5, 6, 24, 32];

// What the header or the payload of a frame is changed to, with checksums that are right: nothing that was
// ever written, and what whoever can write to the disk can make.
const forgeries: Readonly<Record<string, { frame: number; forge: (frame: Buffer) => void }>> = {
  'a checkpoint of more shards than it has': {
    frame: 0,
    forge: (frame) => frame.writeUInt32BE(9, payloadAt),
  },
  'a checkpoint of more shards than there are numbers': {
    frame: 0,
    forge: (frame) => frame.writeUInt32BE(0xffffffff, payloadAt),
  },
  'a frame of a kind that there is none': { frame: 1, forge: (frame) => frame.writeUInt8(9, kindAt) },
  'a frame with another length of its header': {
    frame: 1,
    forge: (frame) => frame.writeUInt16BE(95, headerBytesAt),
  },
  'a checkpoint among records': { frame: 3, forge: (frame) => frame.writeUInt8(3, kindAt) },
  'records before those that they follow': {
    frame: 3,
    forge: (frame) => frame.writeUInt32BE(0, firstAt + 4),
  },
  'records that came before those that they follow': {
    frame: 3,
    forge: (frame) => frame.writeUInt32BE(0, arrivalAt),
  },
  'records from the end of time': { frame: 3, forge: (frame) => frame.writeUInt32BE(0xffffffff, arrivalAt) },
};
for (const [what, { frame, forge }] of Object.entries(forgeries)) {
  test(`${what}: the log is damaged, whatever its checksums say`, async () => {
    const disk = await writeDamageable({ state: 'killed', rounds: 4, segmentBytes: 4_000, seed: 1 });
    const { bytes } = disk.file(path);
    const frames = framesIn(bytes);
    const found = frames[frame];
    assert.ok(found);
    forge(found);
    for (const [index, one] of frames.entries()) {
      const payload = one.subarray(frameHeaderBytes);
      one.writeUInt32BE(crc32(payload), frameHeaderBytes - 8);
      if (index > 0) one.writeUInt32BE(frames[index - 1]!.readUInt32BE(frameHeaderBytes - 4), 20);
      one.writeUInt32BE(crc32(one.subarray(0, frameHeaderBytes - 4)), frameHeaderBytes - 4);
    }
    const log = await new EngineOnFakeDisk(disk).open();
    await assert.rejects(log.position({ stream: 'stream', shard: 0 }), (error) => {
      assert.ok(error instanceof DamagedError, String(error));
      assert.ok(error.message.startsWith(`${path}: `), error.message);
      return true;
    });
  });
}

/** Views of a segment's frames, one after the other. */
function framesIn(bytes: Buffer): Buffer[] {
  const frames: Buffer[] = [];
  for (let at = segmentHeaderBytes; at + frameHeaderBytes < bytes.length; ) {
    if (bytes.readUInt32BE(at) !== frameMagic) break;
    const end = at + frameHeaderBytes + bytes.readUInt32BE(at + 8);
    frames.push(bytes.subarray(at, end));
    at = end;
  }
  return frames;
}
