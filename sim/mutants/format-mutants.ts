import { type Mutant, simulation } from './mutant.ts';

const scan = 'src/log/embedded/recover/scan.ts';
const recovery = 'src/log/embedded/recover/recovery.ts';
const streamLog = 'src/log/embedded/write/stream-log.ts';

/** Bugs in what the log writes down about itself, and in what it makes of that. */
export const formatMutants: readonly Mutant[] = [
  {
    name: 'no-payload-checksum-at-start',
    sentence: 'A start does not compare the checksum of what it finds.',
    edits: [
      {
        file: 'src/log/embedded/read/frame-search.ts',
        find: 'return { frame, payload: isPayload(payload, payloadBytes, payloadCrc) ? payload : undefined };',
        replace: 'return { frame, payload };',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/log/embedded/damage.test.ts',
      test: 'damage in the middle is reported in one line with its place, and nothing is changed',
    },
  },
  {
    name: 'no-payload-checksum-on-read',
    sentence: 'A read does not compare the checksum of what it finds.',
    edits: [
      {
        file: 'src/log/embedded/format/frame.ts',
        find: 'return payload.length === payloadBytes && crc32(payload) === payloadCrc;',
        replace: 'return payload.length === payloadBytes || payloadCrc === 0;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/log/embedded/damage.test.ts',
      test: 'any flipped bit in a closed log is found out, or harms no record at all',
    },
  },
  {
    name: 'no-header-checksum',
    sentence: "A frame's header is believed without its checksum.",
    edits: [
      {
        file: 'src/log/embedded/format/frame.ts',
        find: 'if (crc32(bytes.subarray(at, at + field.crc)) !== readU32(bytes, at + field.crc)) return false;',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/log/embedded/damage.test.ts',
      test: 'any flipped bit in a killed log is found out, or harms no record before the last round',
    },
  },
  {
    name: 'middle-cut-off',
    sentence: 'Damage in the middle passes for a torn end, and all behind it is cut off.',
    edits: [{ file: recovery, find: '  await requireTornAtMost(engine, last);\n', replace: '' }],
    proof: {
      kind: 'test',
      file: 'test/log/embedded/damage.test.ts',
      test: 'damage in the middle is reported in one line with its place, and nothing is changed',
    },
  },
  {
    name: 'no-watermark',
    sentence: 'Frames do not say up to where all was durable.',
    edits: [
      {
        file: 'src/log/embedded/format/frame.ts',
        find: 'setU64(view, field.watermark, place.watermark);',
        replace: 'setU64(view, field.watermark, content.kind === frameKinds.footer ? place.watermark : 0);',
      },
    ],
    proof: simulation('panic'),
  },
  {
    name: 'no-chain',
    sentence: 'A frame is not compared with the one that it says it follows.',
    edits: [{ file: scan, find: 'frame.chain !== chain || frame.sequence', replace: 'frame.sequence' }],
    proof: {
      kind: 'test',
      file: 'test/log/embedded/damage.test.ts',
      test: 'a frame of a round that was taken back is found out when it comes back',
    },
  },
  {
    name: 'offsets-again',
    sentence: 'After a restart a shard counts on from the records that are left.',
    edits: [
      {
        file: streamLog,
        find: 'this.#addShard(state, extents.get(state.shard) ?? []);',
        replace:
          'this.#addShard({ ...state, next: extents.get(state.shard)?.at(-1)?.next ?? 0 }, extents.get(state.shard) ?? []);',
      },
    ],
    proof: simulation('reordered', '6'),
  },
  {
    name: 'merged-batches-share-offsets',
    sentence: 'Batches that share a frame are all answered its first offset.',
    edits: [
      {
        file: 'src/log/embedded/write/round.ts',
        find: 'draft.writes.push({ write, first: draft.first + draft.count });',
        replace: 'draft.writes.push({ write, first: draft.first });',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/log/embedded/crash.test.ts',
      test: 'whatever call the power goes at, everything acknowledged is there afterwards and nothing is invented',
    },
  },
  {
    name: 'time-goes-back',
    sentence: 'Arrival times come from the clock alone.',
    edits: [
      {
        file: 'src/log/embedded/write/round.ts',
        find: 'Math.max(state.lastArrival, now)',
        replace: 'now',
      },
    ],
    proof: simulation('time went back', '3'),
  },
  {
    name: 'readable-segment-removed',
    sentence: 'Retention removes a segment as soon as one of its shards no longer needs it.',
    edits: [
      {
        file: streamLog,
        find: 'for (const extent of segment.extents.values()) if (this.shard(extent.shard).reads(extent)) return true;\n    return false;',
        replace:
          'for (const extent of segment.extents.values()) if (!this.shard(extent.shard).reads(extent)) return false;\n    return segment.extents.size > 0;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/log/embedded/space.test.ts',
      test: 'a segment is removed once no shard has a readable record in it',
    },
  },
  {
    name: 'answer-overwritten',
    sentence: 'The memory of a block is used for another while an answer still consists of it.',
    edits: [
      {
        file: 'src/log/embedded/read/block-cache.ts',
        find: 'if (users === 0 && !isShared) this.#memory.give(memory);',
        replace: 'if (users === 0) this.#memory.give(memory);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/log/embedded/reading.test.ts',
      test: 'what is a large part of a block stays as it was read, whatever is read after it',
    },
  },
];
