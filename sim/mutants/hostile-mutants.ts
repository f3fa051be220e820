import type { Mutant } from './mutant.ts';

const http2 = 'src/http/http2.ts';
const body = 'src/http/body.ts';
const door = 'src/http/tls/tls-acceptor.ts';

/** A hostile crew that does only this, against a server with two threads. */
function crew(name: string): Mutant['proof'] {
  return {
    kind: 'test',
    file: 'test/torture/hostile.test.ts',
    test: `a crew that does nothing but ${name} breaks no promise`,
  };
}

/** What shows without a crew and a process of a server, which cost twenty times as much. */
function inProcess(file: string, test: string): Mutant['proof'] {
  return { kind: 'test', file, test };
}

const inTurns = 'a client that asks much at once is served in turns with the others';

/** The mistakes that hostile peers once lived on, each made again. */
export const hostileMutants: readonly Mutant[] = [
  {
    name: 'taken-back-ends-all',
    sentence: 'A request that is taken back in the packet that begins it ends the process.',
    edits: [
      { file: http2, find: '  if (isGone(stream)) return;\n', replace: '' },
      { file: http2, find: '  if (isGone(stream)) return undefined;\n', replace: '' },
      { file: 'src/env/detached.ts', find: '  work.then(undefined, failed);', replace: '' },
      {
        file: 'src/server/last-resort.ts',
        find: "process.on('unhandledRejection'",
        replace: "process.on('rejectionHandled'",
      },
    ],
    proof: crew('expect-then-reset'),
  },
  {
    name: 'answers-after-leaving',
    sentence: 'A consumer that has left before its first event is answered all the same, which is an error.',
    edits: [
      {
        file: http2,
        find: '  if (isGone(stream)) return isBodyStream(body) ? abandon(body) : undefined;\n',
        replace: '',
      },
    ],
    proof: crew('early-cancel-http2'),
  },
  {
    name: 'piece-keeps-its-packet',
    sentence: 'A body keeps every piece as it came, and with it the memory that it came in.',
    edits: [
      {
        file: body,
        find: '  #copy(piece: Buffer, filled: number): void {\n',
        replace:
          '  #all: Buffer[] = [];\n  #copy(piece: Buffer, filled: number): void {\n    this.#all.push(piece);\n',
      },
      {
        file: body,
        find: "    if (this.#pieces > piecesFree && filled < this.#pieces * pieceBytesMin) return 'too many pieces';\n",
        replace: '',
      },
    ],
    proof: crew('one-byte-chunks'),
  },
  {
    name: 'promise-counts',
    sentence: 'A body counts in the budget with what it promises, before any of it is there.',
    edits: [
      {
        file: body,
        find: '    this.#declared = declared;\n',
        replace:
          '    this.#declared = declared;\n    if (declared !== undefined && source.budget.take(declared, 0)) this.#taken = declared;\n',
      },
    ],
    proof: inProcess('test/http/incoming-body.test.ts', 'a promise costs nothing'),
  },
  {
    name: 'crowd-before-all',
    sentence: 'A connection is served all that it says at once before any other is served.',
    edits: [
      {
        file: 'src/http/fast-connection.ts',
        find: '    if (this.#ahead !== undefined) await this.#context.turn();\n',
        replace: '',
      },
    ],
    proof: inProcess('test/http/turns.test.ts', `${inTurns}: plain`),
  },
  {
    name: 'crowd-before-all-again',
    sentence: 'The same, of requests that are not plain, to a server with workers.',
    edits: [{ file: 'src/http/http1.ts', find: '      await this.#context.turn();\n', replace: '' }],
    proof: inProcess('test/http/turns.test.ts', `${inTurns}: node:http`),
  },
  {
    name: 'handshake-after-handshake',
    sentence: 'A client of TLS may have as many handshakes on a connection as it likes.',
    edits: [
      { file: door, find: '    inside.disableRenegotiation();\n', replace: '' },
      // Node's own limit comes to an error that is heard there.
      {
        file: door,
        find: "    inside.on('_tlsError', (error: Error) => inside.destroy(error));\n",
        replace: '',
      },
    ],
    proof: crew('renegotiation'),
  },
  {
    name: 'survives-its-tls',
    sentence: 'A connection goes on when what comes after its handshake is no TLS.',
    edits: [
      {
        file: door,
        find: "    inside.on('_tlsError', (error: Error) => inside.destroy(error));\n",
        replace: '',
      },
    ],
    proof: crew('garbage-record'),
  },
  {
    name: 'header-block-without-end',
    sentence: 'A header block of HTTP/2 may come as slowly as its session may be idle.',
    edits: [{ file: http2, find: '    endIfSilent(session, context.deadlines);\n', replace: '' }],
    proof: crew('endless-headers'),
  },
  {
    name: 'two-thousand-headers',
    sentence: 'A plain request with thousands of headers is served.',
    edits: [
      {
        file: 'src/http/fast-head.ts',
        find: '    if (rawHeaders.length > 2 * headersMax) return undefined;\n',
        replace: '',
      },
    ],
    proof: inProcess('test/http/header-count.test.ts', 'a request has a thousand headers and no more: POST'),
  },
  {
    name: 'unread-for-ever',
    sentence: 'Answers that are not read are held for as long as their clients like.',
    edits: [
      {
        file: 'src/http/unsent.ts',
        find: '    for (; held !== undefined && held.movedAt <= stuckSince; held = this.#held.first) this.#end(held);\n',
        replace: '',
      },
    ],
    proof: inProcess(
      'test/http/unsent.test.ts',
      'an answer of which nothing leaves for a minute is ended, one that moves is not',
    ),
  },
];
