import { type Mutant, simulation } from './mutant.ts';

/** Bugs that show to who looks at a server while it is killed, resharded and has its clock set. */
export const seenWorldMutants: readonly Mutant[] = [
  {
    name: 'tail-id-behind-the-next-record',
    sentence: 'The id of a tail names the record after the next of each shard: who goes on misses one.',
    edits: [
      {
        file: 'src/services/millrace/tail/tail-position.ts',
        find: 'next * 2 + (isFinished === true ? 1 : 0)',
        replace: '(next + 1) * 2 + (isFinished === true ? 1 : 0)',
      },
    ],
    proof: simulation('skipped', '8'),
  },
  {
    name: 'tail-id-without-closed-shards',
    sentence: 'The id of a tail leaves out shards that are closed: who goes on has them again.',
    edits: [
      {
        file: 'src/services/millrace/tail/tail-position.ts',
        find: 'index < stream.nextShard && findShard(stream, index) === undefined',
        replace: 'findShard(stream, index)?.closed !== undefined',
      },
    ],
    proof: simulation('not monotonic', '8'),
  },
  {
    name: 'tail-id-without-unknown-shards',
    sentence: 'A gateway leaves shards out of the id of a tail that it does not know of yet.',
    edits: [
      {
        file: 'src/services/millrace/tail/tail-position.ts',
        find: 'index < stream.nextShard && findShard(stream, index) === undefined',
        replace: 'findShard(stream, index) === undefined',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/millrace/tail-position.test.ts',
      test: 'a gateway that does not know a shard yet keeps how far a tail has come in it',
    },
  },
  {
    name: 'bytes-counted-as-billed',
    sentence: 'Bytes are counted in whole kilobytes, as they are billed, and not as they were put.',
    edits: [
      {
        file: 'src/stream/meter/put-counts.ts',
        find: 'rows.add(row, column.bytesIn, bytes);',
        replace: 'rows.add(row, column.bytesIn, kilobytesOf(bytes) * 1024);',
      },
    ],
    proof: simulation('miscounted', '9'),
  },
];
