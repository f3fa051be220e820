import type { Mutant } from './mutant.ts';

const http2 = 'src/http/http2.ts';
const sending = 'src/http/sending.ts';
const plainConnection = 'src/http/fast-connection.ts';
const unsent = 'src/http/unsent.ts';
const clientLeaves = 'test/http/client-leaves.test.ts';
const turns = 'test/http/turns.test.ts';

/** Bugs in what one connection may cost the others. */
export const connMutants: readonly Mutant[] = [
  {
    name: 'answers-the-dead',
    sentence: 'A stream that its client has reset is told to go on.',
    edits: [
      { file: http2, find: '  if (isGone(stream)) return;\n', replace: '' },
      { file: http2, find: '  if (isGone(stream)) return undefined;\n', replace: '' },
    ],
    proof: {
      kind: 'test',
      file: clientLeaves,
      test: 'a stream that is reset in the packet that begins it is forgotten, without a word',
    },
  },
  {
    name: 'work-not-awaited',
    sentence: 'The work for a request over HTTP/2 is not awaited, and may be an error.',
    edits: [
      { file: http2, find: '  if (isGone(stream)) return;\n', replace: '' },
      { file: http2, find: '  if (isGone(stream)) return undefined;\n', replace: '' },
      {
        file: 'src/env/detached.ts',
        find: 'work.then(undefined, failed);',
        replace: 'work.then(undefined, failed === undefined ? failed : undefined);',
      },
    ],
    proof: {
      kind: 'test',
      file: clientLeaves,
      test: 'streams that are reset in the packet that begins them do no harm: 0 workers, TLS: false',
    },
  },
  {
    name: 'source-not-told',
    sentence: 'The source of an answer hears nothing when its client has left before it was begun.',
    edits: [
      { file: sending, find: '  detached(tell(pieces[Symbol.asyncIterator]()), ignore);', replace: '' },
    ],
    proof: {
      kind: 'test',
      file: clientLeaves,
      test: 'a source is returned once when its client leaves before the answer is there: HTTP/2',
    },
  },
  {
    name: 'source-not-told-later',
    sentence: 'The source of an answer hears nothing when its client leaves while it makes a piece.',
    edits: [{ file: sending, find: "  line.client.once('close', leave);", replace: '' }],
    proof: {
      kind: 'test',
      file: clientLeaves,
      test: 'a source is returned once when its client leaves while it waits for a piece: HTTP/2',
    },
  },
  {
    name: 'no-turn-for-others',
    sentence: 'Everything that a client says at once is answered before any other client is served.',
    edits: [
      {
        file: plainConnection,
        find: 'if (this.#ahead !== undefined) await this.#context.turn();',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: turns,
      test: 'a client that asks much at once is served in turns with the others: plain',
    },
  },
  {
    name: 'no-turn-for-others-again',
    sentence: 'The same, of requests that are not plain.',
    edits: [
      {
        file: 'src/http/http1.ts',
        find: '      await this.#context.turn();\n      if (socket.destroyed) return;',
        replace: '      if (socket.destroyed) return;',
      },
    ],
    proof: {
      kind: 'test',
      file: turns,
      test: 'a client that asks much at once is served in turns with the others: node:http',
    },
  },
  {
    name: 'all-streams-at-once',
    sentence: 'All streams that a packet begins are served before any other client.',
    edits: [{ file: http2, find: 'this.#begun < streamsPerTurn', replace: 'this.#begun >= 0' }],
    proof: {
      kind: 'test',
      file: turns,
      test: 'a client that asks much at once is served in turns with the others: HTTP/2',
    },
  },
  {
    name: 'waits-for-ever',
    sentence: 'An answer that its client does not take is kept for as long as the connection.',
    edits: [
      {
        file: unsent,
        find: '    for (; held !== undefined && held.movedAt <= stuckSince; held = this.#held.first) this.#end(held);\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/http/unsent.test.ts',
      test: 'an answer of which nothing leaves for a minute is ended, one that moves is not',
    },
  },
  {
    name: 'makes-no-way',
    sentence: 'When memory is short, the answers that stand still are kept and new ones refused.',
    edits: [{ file: unsent, find: '      this.#end(held);\n', replace: '      break;\n' }],
    proof: {
      kind: 'test',
      file: 'test/http/unsent.test.ts',
      test: 'a large answer for which there is no room is not begun; after three seconds what stands still makes way',
    },
  },
  {
    name: 'slow-is-stuck',
    sentence: 'A client that takes its answer slowly is taken for one that takes nothing.',
    edits: [
      {
        file: unsent,
        find: `    held.movedAt = this.#clock.monotonic();
    this.#held.add(held);
  }`,
        replace: `    this.#held.add(held);
  }`,
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/http/unsent.test.ts',
      test: 'an answer of which nothing leaves for a minute is ended, one that moves is not',
    },
  },
  {
    name: 'deaf-to-tls',
    sentence: 'An error of TLS after the handshake is not heard.',
    edits: [
      {
        file: 'src/http/tls/tls-acceptor.ts',
        find: "inside.on('_tlsError', (error: Error) => inside.destroy(error));",
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/http/tls/tls-acceptor.test.ts',
      test: 'a client that asks for another handshake is hung up on: http/1.1',
    },
  },
  {
    name: 'headers-without-number',
    sentence: 'A plain request may have more headers than one that is not.',
    edits: [
      {
        file: 'src/http/fast-head.ts',
        find: '    if (rawHeaders.length > 2 * headersMax) return undefined;\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/http/header-count.test.ts',
      test: 'a request has a thousand headers and no more: POST',
    },
  },
  {
    name: 'an-end-ends-all',
    sentence: 'A deadline whose end goes wrong is the last one that anything has.',
    edits: [
      {
        file: 'src/http/deadlines.ts',
        find: 'this.#failed(error);',
        replace: 'throw error;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/http/deadlines.test.ts',
      test: 'an end that goes wrong costs no other end its time',
    },
  },
];
