import { type Mutant, simulation } from './mutant.ts';

const journal = 'src/journal/journal.ts';
const put = 'src/stream/put.ts';
const read = 'src/stream/read.ts';

/** Bugs above the log: in the control plane, in resharding, in what writers and readers are told. */
export const serviceMutants: readonly Mutant[] = [
  {
    name: 'catalog-before-durable',
    sentence: 'The control plane shows a state whose edits are not durable yet.',
    edits: [
      {
        file: journal,
        find: '    const written = await this.#appendOrAsk(data, id, after);\n',
        replace:
          '    const early = { first: this.next, arrival: 0, bytes: data.length, revision, after, stateAfter };\n' +
          '    const isShown = this.#replay.made(early, () => this.#tell([revision]));\n' +
          '    const written = await this.#appendOrAsk(data, id, after);\n' +
          '    if (isShown === true) return true;\n',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/catalog/catalog.test.ts',
      test: 'the state moves only once the edits are durable, and then waiting callers learn of it',
    },
  },
  {
    name: 'trim-before-snapshot',
    sentence: 'Edits are forgotten before the snapshot that replaces them is durable.',
    edits: [
      {
        file: journal,
        find: '    const revision = this.snapshot();\n',
        replace: '    const revision = this.snapshot();\n    await this.#log.trim(this.next);\n',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/catalog/snapshot.test.ts',
      test: 'whatever append a crash cuts short, also that of a snapshot, the journal means what it meant',
    },
  },
  {
    name: 'snapshot-forgets-a-field',
    sentence: 'A snapshot leaves out which stream ids were used.',
    edits: [
      {
        file: 'src/catalog/catalog.ts',
        find: 'nextStream, streams: [',
        replace: 'nextStream: 1, streams: [',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/catalog/catalog.test.ts',
      test: 'a big journal is cut at a snapshot, and means the same',
    },
  },
  {
    name: 'children-before-the-end',
    sentence: 'Children open while their parent still takes records.',
    edits: [
      {
        file: 'src/stream/lifecycle.ts',
        find: 'ends.set(index, await world.log.seal(key));',
        replace: 'ends.set(index, (await world.log.position(key)).end);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/stream/lifecycle.test.ts',
      test: 'a reshard seals its parents, and no others, at the end that the catalog then knows',
    },
  },
  {
    name: 'sealed-takes-records',
    sentence: 'A shard that was sealed still takes records.',
    edits: [
      {
        file: 'src/log/embedded/write/shard-log.ts',
        find: "if (this.#sealing !== undefined || this.#state.sealed) return new SealedError('The shard is closed.');",
        replace: '',
      },
    ],
    proof: simulation('panic', '2'),
  },
  {
    name: 'retry-puts-all',
    sentence: 'When one shard closed, the records of all shards are put again.',
    edits: [
      {
        file: 'src/stream/routed-put.ts',
        find: "if (part.outcome.kind !== 'closed') continue;",
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/stream/put.test.ts',
      test: 'records that stay and records that move on or are refused are each stored once, in order',
    },
  },
  {
    name: 'failed-shard-answers-success',
    sentence: 'PutRecords answers success for the records of a shard that failed.',
    edits: [
      {
        file: put,
        find: "{ kind: 'closed' } : { kind: 'failed', cause };",
        replace: "{ kind: 'closed' } : { kind: 'stored', first: 0, arrival: part.shard.createdAt };",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/stream/put.test.ts',
      test: 'a shard that fails, fails its own records only',
    },
  },
  {
    name: 'numbers-from-the-clock',
    sentence: 'Sequence numbers are made from the time.',
    edits: [
      {
        file: 'src/kinesis/sequence-number.ts',
        find: 'return render(shard, BigInt(offset + 1), Math.max',
        replace:
          'return render(shard, BigInt(Math.floor(arrival)) * 1000n + BigInt(offset % 1000) + 1n, Math.max',
      },
    ],
    proof: simulation('moved'),
  },
  {
    name: 'iterator-off-by-one',
    sentence: 'AFTER_SEQUENCE_NUMBER begins one record too late.',
    edits: [
      {
        file: 'src/services/kinesis/parts/position.ts',
        find: 'sequenceNumber!)) + 1, await end())',
        replace: 'sequenceNumber!)) + 2, await end())',
      },
    ],
    proof: simulation('skipped', '1'),
  },
  {
    name: 'page-skips-rest-of-batch',
    sentence: 'A page that ends within a batch is followed by one that begins after it.',
    edits: [
      {
        file: read,
        find: 'const next = last === undefined ? heard : last.first + last.count;',
        replace:
          'const whole = slice.batches.findLast(({ first }) => first <= (last?.first ?? -1)); const next = whole === undefined ? heard : whole.first + whole.count;',
      },
    ],
    proof: simulation('skipped', '1'),
  },
  {
    name: 'tip-too-early',
    sentence: 'MillisBehindLatest is 0 when the next record came in the same millisecond.',
    edits: [
      {
        file: read,
        find: 'next >= tip ? 0 : Math.max(1, Math.ceil(',
        replace: 'next >= tip ? 0 : Math.max(0, Math.ceil(',
      },
    ],
    proof: simulation('stale', '3'),
  },
  {
    name: 'wrong-shard',
    sentence: 'A hash key at the start of a range goes to the shard before.',
    edits: [
      {
        file: 'src/stream/router.ts',
        find: 'return true;',
        replace: 'return false;',
      },
    ],
    proof: simulation('misplaced', '1'),
  },
  {
    name: 'retention-takes-one-more',
    sentence: 'Retention forgets one record that is not old enough.',
    edits: [
      {
        file: 'src/stream/retention.ts',
        find: 'await log.trim(key, await log.seek(key, horizon));',
        replace: 'await log.trim(key, (await log.seek(key, horizon)) + 1);',
      },
    ],
    proof: simulation('lost', '1'),
  },
  {
    name: 'forgotten-comes-back',
    sentence: 'Records that a shorter retention had ended are back when it grows.',
    edits: [
      {
        file: 'src/kinesis/stream.ts',
        find: 'Math.max(stream.trimmedBefore, now - stream.retentionHours * 3_600_000)',
        replace: 'now - stream.retentionHours * 3_600_000',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/kinesis/stream.test.ts',
      test: 'what was once trimmed stays so, however long the retention becomes',
    },
  },
  {
    name: 'ids-again',
    sentence: 'A new stream gets the id of one that was there before.',
    edits: [
      {
        file: 'src/catalog/apply.ts',
        find: 'nextStream: this.#state.nextStream + 1 }',
        replace: 'nextStream: this.#state.streams.size }',
      },
    ],
    proof: simulation('phantom'),
  },
];
