import type { Mutant } from './mutant.ts';

/** Bugs in what shapes and protocols say beside Kinesis's own, and in what a body in gzip may cost. */
export const wireMutants: readonly Mutant[] = [
  {
    name: 'union-of-two',
    sentence: 'A union with two members is taken for one with either.',
    edits: [
      {
        file: 'src/wire/reader.ts',
        find: 'if (count !== 1) wrong.first',
        replace: 'if (count === 0) wrong.first',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/wire/recursion.test.ts',
      test: 'a union with two members is a SerializationException',
    },
  },
  {
    name: 'list-cut-short',
    sentence: 'Of a list without a maximum all after the thousandth item is lost, and nothing says so.',
    edits: [
      {
        file: 'src/wire/reader.ts',
        find: 'max < entriesMax ? entriesMax : rules.valuesMax',
        replace: 'max < entriesMax ? entriesMax : entriesMax',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/wire/recursion.test.ts',
      test: 'a list without a maximum is read as long as a body may be in application/x-amz-json-1.1',
    },
  },
  {
    name: 'gzip-bomb',
    sentence: 'A body in gzip is inflated as far as it goes.',
    edits: [
      {
        file: 'src/wire/gzip.ts',
        find: 'inflateElsewhere(body, { maxOutputLength: bytesMax })',
        replace: 'inflateElsewhere(body, { maxOutputLength: 2 ** 30 })',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/wire/gzip.test.ts',
      test: 'what inflates to more than is allowed is refused, and no more of it is inflated',
    },
  },
  {
    name: 'signature-of-what-was-inflated',
    sentence: 'A signature is compared with what a body in gzip holds, which the client has not signed.',
    edits: [
      {
        file: 'src/rpc/dispatch.ts',
        find: 'return authenticate(request, headers',
        replace: 'return authenticate({ ...request, body }, headers',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/rpc/packed-body.test.ts',
      test: 'the signature is of the body as it was sent',
    },
  },
  {
    name: 'body-says-the-path',
    sentence: 'A member that stands in the path, the query or a header is taken from the body as well.',
    edits: [
      {
        file: 'src/wire/rest/rest-input.ts',
        find: 'delete value[member];',
        replace: '{}',
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/wire/rest/rest-protocol.test.ts',
      test: 'what stands outside of the body is not taken from it',
    },
  },
  {
    name: 'xml-as-it-comes',
    sentence: 'A text with a < in it makes another document of an answer in XML.',
    edits: [
      {
        file: 'src/wire/query/xml.ts',
        find: "'<': '&lt;',",
        replace: "'<': '<',",
      },
    ],
    proof: {
      kind: 'test',
      file: 'test/wire/query/xml.test.ts',
      test: 'any text is well-formed XML, and the same text where XML can say it',
    },
  },
];
