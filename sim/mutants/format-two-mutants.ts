import type { Mutant, Proof } from './mutant.ts';

/** Bugs in what the log does with keys, with what is encrypted, and with versions that it does not know. */
export const formatTwoMutants: readonly Mutant[] = [
  {
    name: 'keys-share-a-frame',
    sentence: 'Batches that are encrypted with different keys share a frame.',
    edits: [
      {
        file: 'src/log/embedded/write/round.ts',
        find: 'before.key === key &&',
        replace: '',
      },
    ],
    proof: encryption('batches of different keys that meet in a round never share a frame'),
  },
  {
    name: 'key-only-once',
    sentence: 'A segment does not repeat the keys of the one before it.',
    edits: [
      {
        file: 'src/log/embedded/write/open-segment.ts',
        find: 'segment.keys.has(frame.key.id) ||',
        replace: 'segment.keys.has(frame.key.id) || segment.number > 1 ||',
      },
      {
        file: 'src/log/embedded/segment.ts',
        find: 'assert(frame.encryption === undefined || segment.keys.has(frame.encryption.keyId));',
        replace: '',
      },
    ],
    proof: encryption('every segment has the keys of its frames, and is read without those before it'),
  },
  {
    name: 'any-offset-will-do',
    sentence: 'What is encrypted is not tied to the offsets that it was given.',
    edits: [
      { file: 'src/log/encryption.ts', find: 'place.writeBigUInt64BE(BigInt(first), 8);', replace: '' },
    ],
    proof: encryption(
      'encrypted records are refused at another offset, with another arrival, of another shard or stream, or without one of them',
    ),
  },
  {
    name: 'newer-version-passed-over',
    sentence: 'A segment of a version that is not known is read as if it were known.',
    edits: [
      {
        file: 'src/log/embedded/format/segment-header.ts',
        find: 'requireKnownVersion(bytes.readUInt16BE(field.version), path);',
        replace: '',
      },
    ],
    proof: newer(
      'a segment that a newer Millrace wrote is named as such and left as it is, with all before it',
    ),
  },
  {
    name: 'newer-version-met-too-late',
    sentence:
      'A start finishes what comes before a segment of a newer version when it does not know that one.',
    edits: [
      {
        file: 'src/log/embedded/recover/recovery.ts',
        find: '  await requireKnownFormat(engine, directory, names);\n',
        replace: '',
      },
    ],
    proof: newer(
      'a segment that a newer Millrace wrote is named as such and left as it is, with all before it',
    ),
  },
];

function encryption(test: string): Proof {
  return { kind: 'test', file: 'test/log/embedded/encryption.test.ts', test };
}

function newer(test: string): Proof {
  return { kind: 'test', file: 'test/log/embedded/newer.test.ts', test };
}
