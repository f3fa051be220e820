/** A request of 10 MiB that asks as much of a server as it can. */
export type HeavyBody = {
  readonly name: string;
  readonly operation: string;
  readonly contentType: string;
  readonly body: Buffer;
  /** The exception that it is answered with when it is signed; undefined for a 200. */
  readonly answer: string | undefined;
};

const size = 10 * 1024 * 1024;

/** The requests, legal and hostile ones, to a stream that takes records of 10 MiB. */
export function heavyBodies(stream: string): HeavyBody[] {
  return [
    jsonForms,
    unknownValues,
    memberValues,
    shortValues,
    blobValues,
    unsignedForms,
    legalBodies,
    cborBodies,
  ].flatMap((bodies) => bodies(stream));
}

const malformed = 'SerializationException';

function json(name: string, operation: string, text: string | Buffer, answer: string | undefined): HeavyBody {
  const contentType = 'application/x-amz-json-1.1';
  return { name, operation, contentType, body: Buffer.from(text), answer };
}

/** Much between values, and many values. */
function jsonForms(stream: string): HeavyBody[] {
  const name = `"StreamName":"${stream}"`;
  return [
    json('spaces', 'ListShards', `{${filled(' ')}${name}}`, undefined),
    json('spaces and line breaks', 'ListShards', `{${filled(' \n\t\r  ')}${name}}`, undefined),
    json('spaces at the end', 'ListShards', `{${name}}${filled(' ')}`, undefined),
    json('spaces, nothing else', 'ListShards', filled(' '), malformed),
    json('spaces around everything', 'ListShards', spaced(`{,"StreamName",:,"${stream}",}`), undefined),
    json('nested brackets', 'ListShards', `{"a":${filled('[')}`, malformed),
    json('empty lists', 'ListShards', `{"a":[${filled('[],')}[]],${name}}`, malformed),
    json('one-digit values', 'ListShards', `{"a":[${filled('1,')}1],${name}}`, malformed),
    json('values as many as may be', 'ListShards', `{"a":[${spread('"%",', 49_000)}1],${name}}`, undefined),
    json('keys as many as may be', 'ListShards', `{${spread('"%":1,', 49_000)}${name}}`, undefined),
    json('empty texts', 'ListShards', `{"a":[${filled('"",')}1],${name}}`, malformed),
    json('records of other types', 'PutRecords', `{${name},"Records":[${filled('1,')}1]}`, malformed),
  ];
}

/** Long values that no operation knows. */
function unknownValues(stream: string): HeavyBody[] {
  const name = `"StreamName":"${stream}"`;
  return [
    json('an unknown text', 'ListShards', `{"a":"${filled('x')}",${name}}`, undefined),
    json('an unknown text of two bytes each', 'ListShards', `{"a":"${filled('é')}",${name}}`, undefined),
    json('an unknown text of escapes', 'ListShards', `{"a":"${filled('\\u0041')}",${name}}`, undefined),
    json('a text of quotes', 'ListShards', `{"a":"${filled('\\"')}",${name}}`, undefined),
    json('a text of backslashes', 'ListShards', `{"a":"${filled('\\\\')}",${name}}`, undefined),
    json(
      'an escape that is wrong at the end',
      'ListShards',
      `{"a":"${filled('\\\\')}\\x",${name}}`,
      malformed,
    ),
    json('a text without an end', 'ListShards', `{"a":"${filled('x')}`, malformed),
    json('an unknown key', 'ListShards', `{"${filled('x')}":1,${name}}`, undefined),
    json('a key of escapes', 'ListShards', `{"${filled('\\u0041')}":1,${name}}`, undefined),
    json('an unknown number', 'ListShards', `{"a":${filled('1')},${name}}`, undefined),
    json('a number of zeros', 'ListShards', `{"MaxResults":0.${filled('0')}1,${name}}`, malformed),
    json('a long number', 'ListShards', `{"MaxResults":${filled('9')},${name}}`, malformed),
  ];
}

/** Long values of members, of the right type or not. */
function memberValues(stream: string): HeavyBody[] {
  const name = `"StreamName":"${stream}"`;
  return [
    json('a long name', 'ListShards', `{"StreamName":"${filled('x')}"}`, 'ValidationException'),
    json('a name of escapes', 'ListShards', `{"StreamName":"${filled('\\u0001')}"}`, 'ValidationException'),
    json('a name of two bytes each', 'ListShards', `{"StreamName":"${filled('é')}"}`, 'ValidationException'),
    json(
      'a long partition key',
      'PutRecord',
      `{${name},"Data":"","PartitionKey":"${filled('é')}"}`,
      'ValidationException',
    ),
  ];
}

/** Long texts where a short one is meant. */
function shortValues(stream: string): HeavyBody[] {
  const name = `"StreamName":"${stream}"`;
  const arn = `"ResourceARN":"arn:aws:kinesis:us-east-1:000000000000:stream/${stream}"`;
  const invalid = 'ValidationException';
  const tag = (key: string, value: string) => `{${name},"Tags":{"${key}":"${value}"}}`;
  return [
    json('a boolean of text', 'PutRecord', `{${name},"DryRun":"${filled('é')}"}`, malformed),
    json('a policy', 'PutResourcePolicy', `{${arn},"Policy":"${filled('\\"')}"}`, 'InvalidArgument'),
    json('a page token', 'ListShards', `{"NextToken":"${filled('x')}"}`, invalid),
    json('a tag with a long key', 'AddTagsToStream', tag(filled('\\u0041'), 'v'), invalid),
    json('a tag with a long value', 'AddTagsToStream', tag('k', filled('é')), invalid),
  ];
}

/** What stands for bytes, and does not. */
function blobValues(stream: string): HeavyBody[] {
  const name = `"StreamName":"${stream}"`;
  return [
    json(
      'base64, wrong at its end',
      'PutRecord',
      `{${name},"PartitionKey":"k","Data":"${filled('AAAA')}AA!="}`,
      malformed,
    ),
    json(
      'base64, cut short',
      'PutRecord',
      `{${name},"PartitionKey":"k","Data":"${filled('AAAA')}A"}`,
      malformed,
    ),
    json(
      'base64 of the URL alphabet',
      'PutRecord',
      `{${name},"PartitionKey":"k","Data":"${filled('AAA-')}"}`,
      malformed,
    ),
    json(
      'base64, its last bits wrong',
      'PutRecord',
      `{${name},"PartitionKey":"k","Data":"${filled('AAAA')}AB=="}`,
      malformed,
    ),
    json(
      'base64 of control characters',
      'PutRecord',
      `{${name},"PartitionKey":"k","Data":"${filled('\\u0001')}"}`,
      malformed,
    ),
    json(
      'base64 in escapes',
      'PutRecord',
      `{${name},"PartitionKey":"k","Data":"${filled('\\u0041'.repeat(4))}"}`,
      undefined,
    ),
    json(
      'a value of another type before much',
      'PutRecord',
      `{"StreamName":1,"a":"${filled('x')}"}`,
      malformed,
    ),
    json(
      'a value of another type before spaces',
      'PutRecord',
      `{"StreamName":1,${filled(' \n')}"a":1}`,
      malformed,
    ),
    json(
      'keys of a map',
      'AddTagsToStream',
      `{${name},"Tags":{${spread('"k%":"v",', 20_000)}"k":"v"}}`,
      'ValidationException',
    ),
    json(
      'items of a list',
      'UntagResource',
      `{"TagKeys":[${spread('"k%",', 40_000)}"k"]}`,
      'ValidationException',
    ),
    json('bytes that are no UTF-8', 'ListShards', Buffer.alloc(size, 0xff), malformed),
    json(
      'UTF-8 that ends too early',
      'ListShards',
      Buffer.concat([Buffer.from(`{"a":"${filled('é')}`), Buffer.of(0xc3)]),
      malformed,
    ),
  ];
}

/** What is answered before a signature is checked. */
function unsignedForms(stream: string): HeavyBody[] {
  const name = `"StreamName":"${stream}"`;
  return [
    {
      ...json('plain JSON', 'ListShards', `{"a":"${filled('x')}",${name}}`, 'UnknownOperationException'),
      contentType: 'application/json',
    },
    {
      ...json('plain JSON of spaces', 'ListShards', `{${filled(' \n')}${name}}`, 'UnknownOperationException'),
      contentType: 'application/json',
    },
    json(
      'no operation',
      'NoSuchOperation',
      `{"a":[${spread('"%",', 49_000)}1]}`,
      'UnknownOperationException',
    ),
  ];
}

/** What clients really send. */
function legalBodies(stream: string): HeavyBody[] {
  const legal = (name: string, operation: string, value: object) => ({
    name,
    operation,
    contentType: 'application/x-amz-json-1.1',
    body: Buffer.from(JSON.stringify(value)),
    answer: undefined,
  });
  const records = (data: number, key: string) =>
    Array.from({ length: 500 }, (_, nth) => ({
      PartitionKey: `${nth}${key}`,
      Data: Buffer.alloc(data, nth).toString('base64'),
    }));
  return [
    legal('500 records of 20 KiB', 'PutRecords', { StreamName: stream, Records: records(20 * 1024, '') }),
    legal('500 records with long keys', 'PutRecords', {
      StreamName: stream,
      Records: records(20 * 1024, 'é'.repeat(200)),
    }),
    legal('one record of 10 MiB', 'PutRecord', {
      StreamName: stream,
      PartitionKey: 'k',
      Data: Buffer.alloc(size - 1, 'x').toString('base64'),
    }),
  ];
}

function cborBodies(stream: string): HeavyBody[] {
  const start = Buffer.concat([Buffer.of(0xa2), text('StreamName'), text(stream)]);
  const unknown = Buffer.concat([start, text('a')]);
  const cbor = (name: string, operation: string, parts: readonly Buffer[], answer: string | undefined) => ({
    name: `CBOR: ${name}`,
    operation,
    contentType: 'application/x-amz-cbor-1.1',
    body: Buffer.concat(parts),
    answer,
  });
  const record = Buffer.concat([
    Buffer.of(0xa3),
    text('StreamName'),
    text(stream),
    text('PartitionKey'),
    text('k'),
    text('Data'),
  ]);
  return [
    cbor('one record of 10 MiB', 'PutRecord', [record, head(2, size - 1), Buffer.alloc(size - 1)], undefined),
    cbor('an unknown text', 'ListShards', [unknown, text(filled('x'))], undefined),
    cbor('an unknown text of two bytes each', 'ListShards', [unknown, text(filled('é'))], undefined),
    cbor(
      'a text that is no UTF-8',
      'ListShards',
      [unknown, head(3, size), Buffer.alloc(size, 0xff)],
      malformed,
    ),
    cbor('a text of replacement characters', 'ListShards', [unknown, text(filled('\ufffd'))], undefined),
    cbor(
      'a text in chunks',
      'ListShards',
      [unknown, Buffer.of(0x7f), repeated(text('x'.repeat(209)), 49_000), Buffer.of(0xff)],
      undefined,
    ),
    cbor(
      'empty chunks',
      'ListShards',
      [unknown, Buffer.of(0x5f), Buffer.alloc(size, 0x40), Buffer.of(0xff)],
      malformed,
    ),
    cbor('nested lists', 'ListShards', [unknown, Buffer.alloc(size, 0x81)], malformed),
    cbor('one-byte values', 'ListShards', [unknown, head(4, size), Buffer.alloc(size, 1)], malformed),
    cbor('bytes in a text as base64', 'PutRecord', [record, text(filled('AAAA'))], undefined),
    cbor('wrong base64', 'PutRecord', [record, text(`${filled('AAAA')}AA!=`)], malformed),
    cbor(
      'a long name',
      'ListShards',
      [Buffer.of(0xa1), text('StreamName'), text(filled('é'))],
      'ValidationException',
    ),
    cbor(
      'a long key',
      'ListShards',
      [Buffer.of(0xa2), text('StreamName'), text(stream), text(filled('é')), Buffer.of(1)],
      undefined,
    ),
  ];
}

function filled(pattern: string): string {
  return pattern.repeat(Math.floor(size / Buffer.byteLength(pattern)));
}

/** A text with the same many spaces at each comma. */
function spaced(text: string): string {
  const commas = text.split(',').length - 1;
  return text.replaceAll(',', ' '.repeat(Math.floor(size / commas)));
}

/** A pattern so many times, its % filled up so that all together are 10 MiB. */
function spread(pattern: string, count: number): string {
  const digits = Math.floor(size / count) - pattern.length;
  return Array.from({ length: count }, (_, nth) =>
    pattern.replace('%', String(nth).padStart(digits, '0')),
  ).join('');
}

function repeated(bytes: Buffer, count: number): Buffer {
  return Buffer.alloc(bytes.length * count, bytes);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([head(3, bytes.length), bytes]);
}

/** The head of a value of CBOR (RFC 8949 §3). */
function head(major: number, length: number): Buffer {
  if (length < 24) return Buffer.of((major << 5) | length);
  const bytes = Buffer.alloc(5);
  bytes[0] = (major << 5) | 26;
  bytes.writeUInt32BE(length, 1);
  return bytes;
}
