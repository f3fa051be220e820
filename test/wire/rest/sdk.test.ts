import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AwsRestJsonProtocol } from '@aws-sdk/core/protocols';
import { type HttpRequest, HttpResponse } from '@smithy/protocol-http';
import { HeaderFields } from '../../../src/http/headers.ts';
import { restProtocol } from '../../../src/wire/rest/rest-protocol.ts';
import { ServiceError } from '../../../src/wire/service-error.ts';
import * as s from '../../../src/wire/shape.ts';
import { received } from '../../access/sigv4/signer.ts';

const input = s.structure('UpdateInput', {
  UUID: s.required(s.string()),
  Keys: s.list(s.string()),
  Max: s.integer(),
  Since: s.timestamp(),
  Marks: s.list(s.string()),
  Value: s.double(),
  At: s.timestamp(),
  Data: s.blob(),
});
const output = s.structure('UpdateOutput', {
  Revision: s.integer(),
  Changed: s.timestamp(),
  Marks: s.list(s.string()),
  Value: s.double(),
  At: s.timestamp(),
  Data: s.blob(),
});
const ours = restProtocol({
  Update: {
    http: 'PUT /mappings/{UUID}/state',
    query: { Keys: 'tagKeys', Max: 'max' },
    headers: { Since: 'x-since', Marks: 'x-marks' },
    status: 202,
    answer: { headers: { Revision: 'X-Revision', Changed: 'X-Changed', Marks: 'X-Marks' } },
  },
});

// The same model as the official clients are generated with (@smithy/types, "StaticSchema"): the kinds are 0
// string, 1 number, 3 structure, 4 timestamp, 21 blob, and 64 added for a list.
const theirs = new AwsRestJsonProtocol({ defaultNamespace: 'toy', errorTypeRegistries: [] });
const operation = {
  namespace: 'toy',
  name: 'Update',
  traits: { http: ['PUT', '/mappings/{UUID}/state', 202] },
  input: [
    3,
    'toy',
    'UpdateInput',
    0,
    ['UUID', 'Keys', 'Max', 'Since', 'Marks', 'Value', 'At', 'Data'],
    [
      [0, { httpLabel: 1 }],
      [64, { httpQuery: 'tagKeys' }],
      [1, { httpQuery: 'max' }],
      [4, { httpHeader: 'x-since' }],
      [64, { httpHeader: 'x-marks' }],
      1,
      4,
      21,
    ],
  ],
  output: [
    3,
    'toy',
    'UpdateOutput',
    0,
    ['Revision', 'Changed', 'Marks', 'Value', 'At', 'Data'],
    [
      [1, { httpHeader: 'X-Revision' }],
      [4, { httpHeader: 'X-Changed' }],
      [64, { httpHeader: 'X-Marks' }],
      1,
      4,
      21,
    ],
  ],
};

type Theirs = {
  setSerdeContext(context: object): void;
  serializeRequest(operation: object, input: object, context: object): Promise<HttpRequest>;
  deserializeResponse(operation: object, context: object, response: HttpResponse): Promise<object>;
};
const client: Theirs = theirs as object as Theirs;
const context = {
  endpoint: async () => ({ protocol: 'http:', hostname: 'localhost', path: '/' }),
  base64Encoder: (bytes: Uint8Array | string) => Buffer.from(bytes as string).toString('base64'),
  base64Decoder: (text: string) => new Uint8Array(Buffer.from(text, 'base64')),
  utf8Encoder: (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8'),
  utf8Decoder: (text: string) => new Uint8Array(Buffer.from(text)),
  streamCollector: async (body: Uint8Array) => body,
};
client.setSerdeContext(context);

const text = 'a+b c/d?e=%é\u{1f600}&"';

test('a request of the official protocol is read', async () => {
  const value = {
    UUID: text,
    Keys: [text, 'b,c'],
    Max: 5,
    Marks: ['a', 'b,"c'],
    Value: Number.NEGATIVE_INFINITY,
  };
  const times = { Since: new Date(1_422_172_800_000), At: new Date(1_422_172_800_500) };
  const Data = Buffer.of(0, 255);
  const sent = await client.serializeRequest(operation, { ...value, ...times, Data }, context);
  const peer = { address: '127.0.0.1', secure: false, listener: 'localhost:1' };
  const body = sent.body as string | Uint8Array;
  const request = {
    ...received(sent, typeof body === 'string' ? Buffer.from(body) : Buffer.concat([body])),
    peer,
  };
  const called = ours.callOf(request, new HeaderFields(request.rawHeaders));
  assert.ok(called !== undefined);
  assert.deepEqual(ours.decode(request.body, called, input), {
    ...value,
    Since: times.Since.getTime(),
    At: times.At.getTime(),
    Data,
  });
});

test('the official protocol reads our answer', async () => {
  const value = { Revision: 3, Marks: ['a', 'b,"c'], Value: 1.5 };
  const times = { Changed: 1_422_172_800_000, At: 1_422_172_800_500 };
  const { $metadata, ...read } = await receive(
    ours.answer({ ...value, ...times, Data: Buffer.of(0, 255) }, { name: 'Update', output }, 'id'),
  );
  assert.equal($metadata.httpStatusCode, 202);
  assert.deepEqual(read, {
    ...value,
    Changed: new Date(times.Changed),
    At: new Date(times.At),
    Data: Uint8Array.of(0, 255),
  });
});

test('the official protocol reads our errors', async () => {
  await assert.rejects(receive(ours.refuse(new ServiceError('ResourceConflictException', text, 409), 'id')), {
    name: 'ResourceConflictException',
    message: text,
  });
});

async function receive({ status, headers, body }: ReturnType<typeof ours.answer>) {
  assert(Buffer.isBuffer(body));
  const response = new HttpResponse({
    statusCode: status,
    headers: { ...headers },
    body: new Uint8Array(body),
  });
  return (await client.deserializeResponse(operation, context, response)) as {
    $metadata: { httpStatusCode: number };
  };
}
