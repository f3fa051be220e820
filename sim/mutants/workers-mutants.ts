import { type Mutant, simulation } from './mutant.ts';

const replica = 'src/gateway/replica-journal.ts';
const client = 'src/gateway/records-client.ts';
const server = 'src/gateway/records-server.ts';
const batchedPort = 'src/gateway/batched-port.ts';
const buckets = 'src/gateway/shared-buckets.ts';
const forwarding = 'src/gateway/forwarding.ts';
const remoteRecords = 'src/gateway/remote-records.ts';
const fastHead = 'src/http/fast-head.ts';
const routedPut = 'src/stream/routed-put.ts';

/** Bugs that only a server with workers has, and those of the fast paths. */
export const workersMutants: readonly Mutant[] = [
  {
    name: 'replica-is-late',
    sentence: "A worker applies the owner's revisions when it happens to hear of them.",
    edits: [
      {
        file: replica,
        find: 'while ((this.#state.version | 0) !== Atomics.load(this.#published, 0))',
        replace: 'while (false)',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/gateway/replica-journal.test.ts',
      test: 'a client that was told of a commit finds it at every replica at once',
    },
  },
  {
    name: 'answers-are-mixed-up',
    sentence: 'Two questions that wait for their answers have one number.',
    edits: [
      {
        file: client,
        find: 'this.#free.push(number - 1);',
        replace: 'this.#free.push(number - 1, number - 1);',
      },
    ],
    proof: simulation('TypeError', '6'),
  },
  {
    name: 'bytes-of-the-first',
    sentence: 'A worker takes the bytes of every batch of a page from its beginning.',
    edits: [
      {
        file: 'src/gateway/slice-head.ts',
        find: 'bytes.subarray(at - length, at)',
        replace: 'bytes.subarray(0, length)',
      },
    ],
    proof: simulation('duplicated'),
  },
  {
    name: 'stale-position',
    sentence: 'A worker believes that a shard stands where it stood when it was first read.',
    edits: [
      {
        file: remoteRecords,
        find: '  readonly #owner: RecordsClient;\n',
        replace: '  readonly #owner: RecordsClient;\n  readonly #seen: Record<string, Position> = {};\n',
      },
      {
        file: remoteRecords,
        find: 'const { heads, encryption, ...position } = body;',
        replace: `const { heads, encryption, ...now } = body;
    const position = (this.#seen[JSON.stringify([key.stream, key.shard])] ??= now);`,
      },
    ],
    proof: simulation('stale', '7'),
  },
  {
    name: 'dropped-streams-live',
    sentence: 'The owner opens the log of a stream that was deleted for a worker that saw it before.',
    edits: [
      {
        file: server,
        find: 'return servingIds(catalog.state.streams).has(stream) ? log : this.#ofCurrent(stream);',
        replace: 'return servingIds(catalog.state.streams).has(stream) ? log : log;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/gateway/remote-records.test.ts',
      test: 'a log that was dropped does not come to life again for a worker that saw its stream',
    },
  },
  {
    name: 'memory-handed-over-in-part',
    sentence: 'A worker hands over memory in which bytes of later messages lie.',
    edits: [
      {
        file: batchedPort,
        find: 'if (bytes === memory.byteLength &&',
        replace: 'if (bytes <= memory.byteLength &&',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/gateway/batched-port.test.ts',
      test: 'final bytes that lie among others leave their memory whole',
    },
  },
  {
    name: 'kept-after-handover',
    sentence: 'An answer to a worker is handed over although the owner keeps it.',
    edits: [{ file: batchedPort, find: 'if (final && bytes?.buffer', replace: 'if (bytes?.buffer' }],
    proof: {
      kind: 'test',
      file: 'test/gateway/batched-port.test.ts',
      test: 'bytes that are not final are copied',
    },
  },
  {
    name: 'hash-key-of-another',
    sentence: 'A record of a batch goes to the shard of the record before it.',
    edits: [
      {
        file: routedPut,
        find: 'router.find(hashKeys, index * hashKeyWords)',
        replace: 'router.find(hashKeys, Math.max(0, index - 1) * hashKeyWords)',
      },
    ],
    proof: simulation('misplaced'),
  },
  {
    name: 'not-packed-again',
    sentence: 'Records that met a closed shard move on to those after it without their bytes.',
    edits: [
      {
        file: routedPut,
        find: 'this.#route(routerOf(stream));\n    assert(this.#encode());',
        replace: 'this.#route(routerOf(stream));',
      },
    ],
    proof: simulation('writer', '9'),
  },
  {
    name: 'closed-shards-unknown',
    sentence: "A worker does not know the errors of the owner's logs for what they are.",
    edits: [
      {
        file: 'src/gateway/error-transfer.ts',
        find: 'kinds.find(({ name }) => name === rest.name) ?? Error',
        replace: 'Error',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/gateway/error-transfer.test.ts',
      test: 'an error that a log rejects with comes out of a thread as what it was: SealedError',
    },
  },
  {
    name: 'buckets-of-another-shard',
    sentence: 'Shards of a stream that lie in one set of the shared buckets share a slot, too.',
    edits: [
      {
        file: buckets,
        find: 'cells[slot] === stream && cells[slot + 1] === shard',
        replace: 'cells[slot] === stream',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/gateway/limits.test.ts',
      test: 'more shards than a set has room for push out the one that was quiet for longest',
    },
  },
  {
    name: 'buckets-lose-updates',
    sentence: 'What a worker takes from a shared bucket is taken from what it remembers of it.',
    edits: [{ file: buckets, find: '      this.#load(slot);\n', replace: '' }],
    proof: {
      kind: 'test',
      file: 'test/gateway/limits.test.ts',
      test: "a shard's limits hold over all workers together",
    },
  },
  {
    name: 'caller-lost',
    sentence: 'The owner carries out what a worker forwards, and does not know for which caller.',
    edits: [
      {
        file: forwarding,
        find: "await client.ask('call', call, body)",
        replace: "await client.ask('call', { ...call, caller: { ...call.caller, arn: '' } }, body)",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/gateway/forwarding.test.ts',
      test: 'the owner is sent the name of a call, its verified caller and where it came from, and no headers but those of the audit log',
    },
  },
  {
    name: 'body-of-the-request-before',
    sentence: 'A body is as long as that of the first request that was read the fast path.',
    edits: [
      {
        file: fastHead,
        find: 'const lengthForm = /^[1-9][0-9]{0,8}$/;',
        replace: "const lengthForm = /^[1-9][0-9]{0,8}$/;\nlet lengthBefore = '';",
      },
      {
        file: fastHead,
        find: 'bodyBytes: Number(length)',
        replace: 'bodyBytes: Number((lengthBefore ||= length))',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/http/fast-taken.test.ts',
      test: 'requests in one packet have each its own head and body',
    },
  },
  {
    name: 'never-fast-http',
    sentence: 'The fast path leaves every request to node:http.',
    edits: [{ file: fastHead, find: 'if (last === -1) return undefined;', replace: 'return undefined;' }],
    proof: {
      kind: 'test',
      file: 'test/http/fast-taken.test.ts',
      test: 'plain requests are served the fast path, one after the other on a connection: boto3',
    },
  },
  {
    name: 'joins-with-old-credentials',
    sentence: 'A worker that joins later accepts the users that were known when the server was started.',
    edits: [
      {
        file: 'src/server/workers/workers.ts',
        find: 'gate: { ...this.#service.gate, credentials }',
        replace: 'gate: this.#service.gate',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/server/workers/workers.test.ts',
      test: 'a worker that joins later knows what was changed before',
    },
  },
];
