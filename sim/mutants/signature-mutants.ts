import type { Mutant } from './mutant.ts';

const byte = {
  kind: 'test',
  file: 'test/access/sigv4/mutation.test.ts',
  test: 'no byte of JSON over HTTP/1.1 can change, go or come without the signature failing',
} as const;

/** Bugs in what a signature covers, and in the readers that fuzzing is for. */
export const signatureMutants: readonly Mutant[] = [
  {
    name: 'header-not-covered',
    sentence: "The first letter of a request's target is not covered by its signature.",
    edits: [
      {
        file: 'src/access/sigv4/signature.ts',
        find: "    const value = headers.get(name === ':authority' ? 'host' : name);",
        replace:
          "    const sent = headers.get(name === ':authority' ? 'host' : name);\n" +
          "    const value = name === 'x-amz-target' && sent !== undefined ? 'K'.concat(sent.slice(1)) : sent;",
      },
    ],
    proof: byte,
  },
  {
    name: 'signature-compared-in-part',
    sentence: 'The last digit of a signature is not compared.',
    edits: [
      {
        file: 'src/access/sigv4/sigv4.ts',
        find: 'const right = expected !== undefined && isEqual(expected, claim.signature);',
        replace:
          'const right = expected !== undefined && isEqual(expected.slice(0, 63), claim.signature.slice(0, 63));',
      },
    ],
    proof: byte,
  },
  {
    name: 'words-beside-the-signature',
    sentence: 'An Authorization header may say more than its three parameters.',
    edits: [
      {
        file: 'src/access/sigv4/claim.ts',
        find: '  requireNoMore(parameters, authorization);\n',
        replace: '',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/access/sigv4/form.test.ts',
      test: 'an Authorization header says nothing besides its three parameters, and each of them once',
    },
  },
  {
    name: 'declared-hash-believed',
    sentence: "A body's hash is taken from the header that declares it.",
    edits: [
      {
        file: 'src/access/sigv4/signature.ts',
        find: '  if (declared !== undefined && declared !== payloadHash) return undefined;\n',
        replace: '',
      },
      {
        file: 'src/access/sigv4/signature.ts',
        find: 'const canonical = canonicalRequest(signed, payloadHash);',
        replace: 'const canonical = canonicalRequest(signed, declared ?? payloadHash);',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/access/sigv4/rim.test.ts',
      test: "a body that is declared as 'UNSIGNED-PAYLOAD' in a header that is signed is refused",
    },
  },
  {
    name: 'signed-twice',
    sentence: 'A request may be signed with a header and in its query, and the header counts.',
    edits: [
      {
        file: 'src/access/sigv4/claim.ts',
        find: "  if (authorization !== '' && presigned) {",
        replace: "  if (authorization === '' && presigned && query.length === 0) {",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/access/sigv4/form.test.ts',
      test: 'a request signed twice, with a header and in the query, is refused',
    },
  },
  {
    name: 'cbor-text-of-any-bytes',
    sentence: 'The fast path of puts in CBOR takes texts that are not ASCII.',
    edits: [
      {
        file: 'src/wire/cbor/fast-cbor-reader.ts',
        find: '    return seen < 0x80;',
        replace: '    return seen <= 0xff;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/fuzz/slice.test.ts',
      test: 'fast-cbor: a slice of fuzzing finds nothing',
    },
  },
  {
    name: 'name-without-colon',
    sentence: 'The fast path of puts in JSON passes over a name without a colon.',
    edits: [
      {
        file: 'src/wire/json/fast-json-reader.ts',
        find: '    this.#at = start;\n    return false;\n',
        replace: '    return false;\n',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/fuzz/replay.test.ts',
      test: 'fast-json: what fuzzing ever found, and what it kept, does no harm',
    },
  },
  {
    name: 'forged-checkpoint',
    sentence: 'A checkpoint whose checksum is right ends a start, whatever it says.',
    edits: [
      {
        file: 'src/log/embedded/format/decoded.ts',
        find: '    if (!(error instanceof RangeError || error instanceof AssertionError)) throw error;',
        replace: '    if (error instanceof Error) throw error;',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/log/embedded/recover/forged.test.ts',
      test: 'a checkpoint of more shards than it has: the log is damaged, whatever its checksums say',
    },
  },
];
