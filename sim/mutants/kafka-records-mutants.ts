import type { Mutant } from './mutant.ts';

const shard = 'src/log/kafka/kafka-shard.ts';
const agreement = 'src/log/kafka/agreement.ts';
const fetcher = 'src/log/kafka/tail-fetcher.ts';
const gateways = 'test/log/kafka/several-gateways.test.ts';
const readers = 'test/log/kafka/partition-reader.test.ts';

/** Bugs in the records of streams on Kafka, and in how partitions are read. */
export const kafkaRecordsMutants: readonly Mutant[] = [
  {
    name: 'kafka-behind-the-seal',
    sentence:
      'A gateway acknowledges what a broker has answered without asking whether it is before the seal.',
    edits: [
      {
        file: agreement,
        find: "return verdict === 'acknowledge';",
        replace: 'return true;',
      },
    ],
    proof: {
      kind: 'test',
      file: gateways,
      test: 'a gateway that stood still acknowledges nothing behind the seal, and nobody is shown it',
    },
  },
  {
    name: 'kafka-sealed-acknowledged',
    sentence: 'A gateway that knows the seal acknowledges what is behind it.',
    edits: [
      {
        file: agreement,
        find: "if (verdict === 'sealed') throw sealed();",
        replace: "if (verdict === 'sealed') return true;",
      },
    ],
    proof: {
      kind: 'test',
      file: gateways,
      test: 'a gateway that stood still acknowledges nothing behind the seal, and nobody is shown it',
    },
  },
  {
    name: 'kafka-gap-by-the-lease',
    sentence: 'A gateway acknowledges by its lease alone what has landed behind a gap.',
    edits: [
      {
        file: shard,
        find: 'const isBehindGap = stored.first > Math.max(place.base, this.#harmless);',
        replace: 'const isBehindGap = false;',
      },
    ],
    proof: {
      kind: 'test',
      file: gateways,
      test: 'a gateway whose clocks stood still with it asks before it acknowledges what is behind a gap',
    },
  },
  {
    name: 'kafka-stored-and-refused',
    sentence: 'Records that may have been stored are refused for good when their stream is deleted.',
    edits: [
      {
        file: 'src/log/kafka/kafka-log.ts',
        find: 'throw isLeftOpen(error) ? error : orDropped(this.#world.places, key, error);',
        replace: 'throw orDropped(this.#world.places, key, error);',
      },
    ],
    proof: {
      kind: 'test',
      file: gateways,
      test: 'what may have been stored when a stream is dropped is not said to be refused',
    },
  },
  {
    name: 'kafka-stored-without-a-lease',
    sentence: 'A gateway that may acknowledge nothing has records stored all the same.',
    edits: [
      {
        file: shard,
        find: '    if (!this.#agreement.reaches(place.base)) await this.#untilOpen(place);\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: gateways,
      test: 'without a lease an append waits for one, and is refused when that takes long',
    },
  },
  {
    name: 'kafka-shown-behind-a-mark',
    sentence: 'Before the seal is known, readers are shown what is behind a mark.',
    edits: [
      {
        file: shard,
        find: 'const seal = this.#places.of(this.#key)?.seal ?? this.#mark;',
        replace: 'const seal = this.#places.of(this.#key)?.seal ?? Number.POSITIVE_INFINITY;',
      },
    ],
    proof: {
      kind: 'test',
      file: gateways,
      test: 'behind a mark nothing is shown until it is known where the shard ends',
    },
  },
  {
    name: 'kafka-gap-without-asking',
    sentence: 'A gateway passes a gap in a shard that is open as far as it knows, without asking the others.',
    edits: [
      {
        file: shard,
        find: '    await this.#places.current();\n    if (this.#places',
        replace: '    if (this.#places',
      },
    ],
    proof: {
      kind: 'test',
      file: gateways,
      test: 'a gateway that has not heard of the closing asks before it shows what is behind a gap',
    },
  },
  {
    name: 'kafka-offsets-of-the-slot',
    sentence: 'Appends answer offsets of the partition, not of the shard that begins somewhere in it.',
    edits: [
      {
        file: shard,
        find: 'return { first: first - place.base, arrival };',
        replace: 'return { first, arrival };',
      },
    ],
    proof: {
      kind: 'test',
      file: gateways,
      test: 'a shard in a slot that others had begins with offset 0, and shows nothing of theirs',
    },
  },
  {
    name: 'kafka-arrival-by-memory',
    sentence: 'Records are acknowledged with a time that another gateway does not show them with.',
    edits: [
      {
        file: shard,
        find: 'return { first: first - place.base, arrival };',
        replace: 'return { first: first - place.base, arrival: this.#arrivals.latest };',
      },
    ],
    proof: {
      kind: 'test',
      file: gateways,
      test: 'every gateway shows the same arrival times, those of brokers whose clocks go back',
    },
  },
  {
    name: 'kafka-session-told-late',
    sentence: 'A fetch session is not told from where a partition is wanted after records of it have come.',
    edits: [
      {
        file: fetcher,
        find: '      this.#session.want(partition);\n    }',
        replace: '    }',
      },
    ],
    proof: {
      kind: 'test',
      file: readers,
      test: 'readers at the tip share one fetch, and find nothing new without asking a broker',
    },
  },
  {
    name: 'kafka-stale-tip',
    sentence: 'The end of a partition goes back to what a broker says that is behind.',
    edits: [
      {
        file: 'src/log/kafka/tail-partition.ts',
        find: 'this.#bounds = { start: Math.max(start, known.start), end: Math.max(end, known.end) };',
        replace: 'this.#bounds = { start: Math.max(start, known.start), end };',
      },
      {
        file: 'src/log/kafka/tail-partition.ts',
        find: '    if (start <= known.start && end <= known.end) return;\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/log/kafka/tail-partition.test.ts',
      test: 'the ends of a partition that are known here only grow',
    },
  },
  {
    name: 'kafka-checksum-of-a-page-unread',
    sentence: 'Record batches are taken without a look at their checksums.',
    edits: [
      {
        file: 'src/log/kafka/record-batch-reader.ts',
        find: 'if (crc32c(batch.subarray(field.attributes)) !== batch.readUInt32BE(field.checksum)) {',
        replace: 'if (crc32c.length > 9) {',
      },
    ],
    proof: {
      kind: 'test',
      file: readers,
      test: 'a bit that is another one on the way is read again, and one that stays so is damage',
    },
  },
  {
    name: 'closed-shard-ends-too-early',
    sentence: 'A page without records finishes a closed shard of which the engine has not heard everything.',
    edits: [
      {
        file: 'src/stream/read.ts',
        find: 'const heard = Math.max(from, Math.min(tip, slice.end));',
        replace: 'const heard = tip;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/stream/read.test.ts',
      test: 'an engine that has not heard of all records of a closed shard yet does not finish it',
    },
  },
];
