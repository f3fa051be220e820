import type { Mutant } from './mutant.ts';

/** Bugs in how a request finds what carries it out, and in what is asked before. */
export const rpcMutants: readonly Mutant[] = [
  {
    name: 'fast-path-unauthorized',
    sentence:
      'A request that goes a fast path is carried out before it is known whether the caller may do it.',
    edits: [
      {
        file: 'src/rpc/carry-out.ts',
        find: 'permit(world, call, caller, fast, peer);',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/rpc/dispatch.test.ts',
      test: 'nothing is done for a caller that may not do it: fastx',
    },
  },
  {
    name: 'iterator-of-any-account',
    sentence: 'GetRecords is about the stream that the request names, and so about none when it names none.',
    edits: [
      {
        file: 'src/services/kinesis/operations/get-records.ts',
        find: 'resourceNamed([stream, request.StreamARN], caller)',
        replace: 'resourceNamed([request.StreamARN], caller)',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/kinesis/access.test.ts',
      test: "an iterator of one account's stream is of no use to another",
    },
  },
  {
    name: 'first-name-counts',
    sentence: 'Of several things that a request names only the first is asked about, be another one foreign.',
    edits: [
      {
        file: 'src/services/kinesis/parts/prepare.ts',
        find: 'if (owner !== account) return arn!;',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/services/kinesis/resources.test.ts',
      test: 'of several things, what belongs to another account is what counts',
    },
  },
  {
    name: 'any-scope-will-do',
    sentence: 'A signature for one service is good for another one on the same port.',
    edits: [
      {
        file: 'src/rpc/dispatch.ts',
        find: 'clock.now(), service.scopes, sha256)',
        replace: "clock.now(), ['one', 'two'], sha256)",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/rpc/dispatch.test.ts',
      test: 'a signature must be for the service that is called',
    },
  },
  {
    name: 'tls-goes-unnoticed',
    sentence: 'Over HTTP/2 a request that came over TLS counts as one that came without.',
    edits: [
      {
        file: 'src/http/http2.ts',
        find: 'const peer = peerOf(session.socket, context.origin());',
        replace: 'const peer = { ...peerOf(session.socket, context.origin()), secure: false };',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/http/peer.test.ts',
      test: 'a request says where it came from: HTTP/2 over TLS',
    },
  },
];
