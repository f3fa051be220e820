import type { Mutant, Proof } from './mutant.ts';

/** Bugs in how streams are encrypted. */
export const encryptionMutants: readonly Mutant[] = [
  {
    name: 'nonce-comes-again',
    sentence: 'A data key encrypts every batch with the same nonce.',
    edits: [{ file: 'src/log/data-keys.ts', find: 'this.#batches += 1;', replace: '' }],
    proof: {
      kind: 'test',
      file: 'test/server/encrypted-directory.test.ts',
      test: 'a directory of encrypted streams holds no plaintext, partition key or key, and every nonce once',
    },
  },
  {
    name: 'data-key-of-any-stream',
    sentence: 'The data keys of a stream are not bound to its ARN.',
    edits: [
      {
        file: 'src/access/keys/stream-keys.ts',
        find: "{ 'aws:kinesis:arn': formatStreamArn(stream) }",
        replace: "{ 'aws:kinesis:arn': formatStreamArn({ ...stream, name: 'any' }) }",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/access/keys/stream-keys.test.ts',
      test: 'a data key of one stream does not open for another',
    },
  },
  {
    name: 'place-not-compared',
    sentence: 'Whether encrypted records lie where the log has placed them is not looked at.',
    edits: [
      {
        file: 'src/log/encryption.ts',
        find: 'if (boxes === undefined || !isPlaced(batch, boxes, key, encryption)) {',
        replace: 'if (boxes === undefined) {',
      },
    ],
    proof: frames(),
  },
  {
    name: 'box-of-any-stream',
    sentence: 'What is encrypted is not tied to its stream.',
    edits: [
      { file: 'src/log/encryption.ts', find: 'Buffer.alloc(4 + stream.length)', replace: 'Buffer.alloc(4)' },
      { file: 'src/log/encryption.ts', find: "bytes.write(stream, 4, 'ascii');", replace: '' },
    ],
    proof: frames(),
  },
  {
    name: 'plain-without-a-key',
    sentence: 'Records are stored in plain when there is no key for them.',
    edits: [
      {
        file: 'src/log/encrypted-records.ts',
        find: 'return Promise.reject(error);',
        replace: 'return error ? this.#records.append(shard, batch) : Promise.reject(error);',
      },
    ],
    proof: records('without its key nothing is written of a stream, and once there is one it goes on'),
  },
  {
    name: 'append-overtakes',
    sentence: 'An append that finds its key at hand overtakes those that wait for it.',
    edits: [
      {
        file: 'src/log/encrypted-records.ts',
        find: 'if (awaited !== undefined) return',
        replace: 'if (awaited !== undefined && stream === "") return',
      },
    ],
    proof: records('appends that come while a key is awaited, and those after, keep their order'),
  },
  {
    name: 'disabled-key-goes-on',
    sentence: 'A key that was disabled encrypts for as long as its data key is kept.',
    edits: [
      {
        file: 'src/access/keys/stream-keys.ts',
        find: 'this.#requireUsable(found.key.key.arn);',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/kinesis/encryption.test.ts',
      test: 'in workers, too, a disabled key takes effect at once, and records of both threads are in order',
    },
  },
];

function frames(): Proof {
  const test =
    'encrypted records are refused at another offset, with another arrival, of another shard or stream, or without one of them';
  return { kind: 'test', file: 'test/log/embedded/encryption.test.ts', test };
}

function records(test: string): Proof {
  return { kind: 'test', file: 'test/log/encrypted-records.test.ts', test };
}
