import fc from 'fast-check';
import { hashKeyMax } from '../../src/kinesis/hash-key.ts';
import { anyCharacter } from '../any-character.ts';
import { type Content, cborBytes, cborChoices } from './cbor-bytes.ts';

/** Text of a member: mostly plain, and sometimes what only a general reader takes. */
const partitionKey = fc.oneof(
  { weight: 6, arbitrary: fc.stringMatching(/^[ !#-[\]-~]{1,20}$/) },
  { weight: 2, arbitrary: fc.string({ unit: anyCharacter, maxLength: 70 }) },
  { weight: 1, arbitrary: fc.nat(260).map((length) => 'k'.repeat(length)) },
);

const base64 = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64'));
const data = fc.oneof(
  { weight: 8, arbitrary: base64 },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      '=',
      '==',
      'A===',
      'QQ=',
      'QR==',
      'QUF=',
      'QQ==QQ==',
      '-_-_',
      'AA-A',
      'a\\"b',
      'é===',
      'AA\nA',
    ),
  },
);

const hashKey = fc.oneof(
  fc.bigInt({ min: 0n, max: hashKeyMax }).map(String),
  fc.constantFrom(
    '0',
    '00',
    '-1',
    String(hashKeyMax),
    String(hashKeyMax + 1n),
    '9'.repeat(39),
    '1'.repeat(40),
    'x',
  ),
);

/** Now and then there, absent or null. */
function sometimes<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null | undefined> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constant(undefined) },
    { weight: 3, arbitrary: value },
    { weight: 1, arbitrary: fc.constant(null) },
  );
}

const entry = fc.record({
  PartitionKey: fc.oneof(
    { weight: 20, arbitrary: partitionKey },
    { weight: 1, arbitrary: fc.constant(null) },
  ),
  Data: fc.oneof({ weight: 20, arbitrary: data }, { weight: 1, arbitrary: fc.constantFrom(null, 5, true) }),
  ExplicitHashKey: sometimes(hashKey),
  Unknown: fc.oneof({ weight: 30, arbitrary: fc.constant(undefined) }, fc.jsonValue()),
});

const arnOf = (account: string, name: string) => `arn:aws:kinesis:us-east-1:${account}:stream/${name}`;
const own = '000000000000';
const target = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom({ StreamName: 's' }, { StreamARN: arnOf(own, 's') }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      {},
      { StreamName: 's', StreamARN: arnOf(own, 's') },
      { StreamName: 'other', StreamARN: arnOf(own, 's') },
      { StreamName: 'missing' },
      { StreamName: 's t' },
      { StreamName: 's', StreamARN: '' },
      { StreamARN: arnOf('111111111111', 's') },
      { StreamARN: arnOf('11', 's') },
      { StreamARN: `${arnOf(own, 's')}/more` },
      { StreamARN: `${arnOf(own, 's')} more` },
    ),
  },
);

const dryRun = sometimes(fc.constantFrom(false, true, 'false', 0));
const ordering = sometimes(
  fc.constantFrom(
    '0',
    '01',
    'x',
    '49646437577153077907313952577119104636246221356655444002',
    '9'.repeat(130),
  ),
);

/** An object with its members in any order. */
function shuffled<T extends object>(object: fc.Arbitrary<T>): fc.Arbitrary<object> {
  return object.chain((value) => {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    const { length } = members;
    return fc.shuffledSubarray(members, { minLength: length, maxLength: length }).map(Object.fromEntries);
  });
}

const putRecords = fc
  .tuple(target, fc.array(shuffled(entry), { maxLength: 5 }), fc.oneof(fc.constant(undefined), dryRun))
  .map(([named, Records, DryRun]) => ({ ...named, Records, DryRun }));
const putRecord = fc
  .tuple(target, entry, ordering, fc.oneof(fc.constant(undefined), dryRun))
  .map(([named, record, SequenceNumberForOrdering, DryRun]) => ({
    ...named,
    ...record,
    SequenceNumberForOrdering,
    DryRun,
  }));

const mutation = fc.record({
  at: fc.nat(),
  remove: fc.nat(3),
  insert: fc.oneof(
    fc.constantFrom(...['', '', ...'{}[]",:\\-_=A0 \n\u0001']).map((text) => Buffer.from(text)),
    fc.uint8Array({ maxLength: 2 }),
  ),
});

/** Some bytes of a body are removed, others put in their place. */
function mutated(
  body: Buffer,
  mutations: readonly { at: number; remove: number; insert: Uint8Array }[],
): Buffer {
  let bytes = body;
  for (const { at, remove, insert } of mutations) {
    const start = at % (bytes.length + 1);
    bytes = Buffer.concat([bytes.subarray(0, start), insert, bytes.subarray(start + remove)]);
  }
  return bytes;
}

type PutOperation = 'PutRecord' | 'PutRecords';

const mutations = fc.oneof(
  { weight: 3, arbitrary: fc.constant([]) },
  { weight: 1, arbitrary: fc.array(mutation, { minLength: 1, maxLength: 2 }) },
);

function requests(operation: PutOperation): fc.Arbitrary<object> {
  const request: fc.Arbitrary<object> = operation === 'PutRecord' ? putRecord : putRecords;
  return shuffled(request);
}

/** Bodies of an operation: plain ones, odd ones and broken ones. The stream is called `s`. */
export function putBodies(operation: PutOperation): fc.Arbitrary<Buffer> {
  return fc
    .tuple(requests(operation), fc.nat(2), mutations)
    .map(([object, indent, changes]) =>
      mutated(Buffer.from(JSON.stringify(object, undefined, indent)), changes),
    );
}

/** The same in CBOR. Its data are bytes, and now and then a text. */
export function cborPutBodies(operation: PutOperation): fc.Arbitrary<Buffer> {
  const isText = fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true));
  return fc
    .tuple(requests(operation), isText, cborChoices, mutations)
    .map(([object, keepsText, choices, changes]) =>
      mutated(cborBytes(keepsText ? (object as Content) : withBytes(object), choices), changes),
    );
}

function withBytes(object: object): Content {
  const members = Object.entries(object).map(([name, value]) => {
    if (name === 'Data' && typeof value === 'string') return [name, Buffer.from(value, 'base64')];
    return [name, name === 'Records' ? (value as object[]).map(withBytes) : value];
  });
  return Object.fromEntries(members);
}
