import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeaderFields } from '../../../src/http/headers.ts';
import { restProtocol } from '../../../src/wire/rest/rest-protocol.ts';
import { ServiceError } from '../../../src/wire/service-error.ts';
import * as s from '../../../src/wire/shape.ts';
import { bare, refusal } from '../refusal.ts';

const update = s.structure('UpdateInput', {
  UUID: s.required(s.string()),
  Force: s.boolean(),
  Keys: s.list(s.string()),
  Max: s.integer(),
  Since: s.timestamp(),
  Marks: s.list(s.string()),
  BatchSize: s.integer(),
  At: s.timestamp(),
});
const state = s.structure('State', {
  UUID: s.string(),
  Revision: s.integer(),
  Marks: s.list(s.string()),
  Changed: s.timestamp(),
  Code: s.integer(),
});
const invoke = s.structure('InvokeInput', { Name: s.required(s.string()), Payload: s.blob() });
const invoked = s.structure('InvokeOutput', {
  StatusCode: s.integer(),
  Error: s.string(),
  Payload: s.blob(),
});
const note = s.structure('NoteInput', {
  Name: s.required(s.string()),
  Note: s.structure('Note', { Text: s.string() }),
});

const outputs = { Update: state, Get: state, Invoke: invoked, Note: undefined };
const protocol = restProtocol({
  Update: {
    http: 'PUT /mappings/{UUID}',
    query: { Force: 'force', Keys: 'tagKeys', Max: 'max' },
    headers: { Since: 'x-since', Marks: 'x-marks' },
    status: 202,
    answer: { headers: { Revision: 'X-Revision', Marks: 'X-Marks', Changed: 'Last-Modified' } },
  },
  Get: { http: 'GET /mappings/{UUID}' },
  GetDefault: { http: 'GET /mappings/default' },
  Invoke: {
    http: 'POST /functions/{Name+}',
    payload: 'Payload',
    answer: { payload: 'Payload', status: 'StatusCode', headers: { Error: 'X-Error' } },
  },
  Note: { http: 'POST /notes/{Name}', payload: 'Note', status: 204 },
});

function requestOf(line: string, headers: Record<string, string> = {}, body: string | Buffer = '') {
  const [method = '', target = ''] = line.split(' ');
  const peer = { address: '127.0.0.1', secure: false, listener: 'localhost:4567' };
  const request = {
    method,
    target,
    rawHeaders: Object.entries(headers).flat(),
    body: Buffer.from(body),
    peer,
  };
  return { request, fields: new HeaderFields(request.rawHeaders) };
}

function called(line: string, headers: Record<string, string> = {}) {
  const { request, fields } = requestOf(line, headers);
  assert.equal(protocol.isSpokenIn(request, fields), true);
  return protocol.callOf(request, fields)!;
}

test('method and path say the operation, the most specific one', () => {
  assert.equal(called('PUT /mappings/1').operation, 'Update');
  assert.equal(called('GET /mappings/1').operation, 'Get');
  assert.equal(called('GET /mappings/default?a=b').operation, 'GetDefault');
  for (const line of ['POST /mappings/1', 'GET /mappings', 'GET /', 'POST /']) {
    const { request, fields } = requestOf(line);
    assert.equal(protocol.isSpokenIn(request, fields), false, line);
    assert.equal(protocol.callOf(request, fields), undefined, line);
  }
});

test('an input is read from path, query, headers and body', () => {
  const call = called('PUT /mappings/a%2Fb%C3%A9?force=true&tagKeys=x&tagKeys=y%2Cz&max=5&other=1', {
    'X-Since': 'Sun, 25 Jan 2015 08:00:00 GMT',
    'X-Marks': 'a, "b, \\"c\\"" ,d',
  });
  const body = Buffer.from('{"BatchSize":10,"At":1422172800,"UUID":"of the body","Force":false}');
  const value = {
    UUID: 'a/bé',
    Force: true,
    Keys: ['x', 'y,z'],
    Max: 5,
    Since: 1_422_172_800_000,
    Marks: ['a', 'b, "c"', 'd'],
    BatchSize: 10,
    At: 1_422_172_800_000,
  };
  assert.deepEqual(protocol.decode(body, call, update), value);
});

test('what stands outside of the body is not taken from it', () => {
  const body = Buffer.from('{"Force":true,"Marks":["a"],"UUID":"b"}');
  assert.deepEqual(protocol.decode(body, called('PUT /mappings/a'), update), { UUID: 'a' });
});

test('a body may be missing', () => {
  assert.deepEqual(protocol.decode(Buffer.alloc(0), called('PUT /mappings/a'), update), { UUID: 'a' });
});

test('what is of the wrong type, wherever it stands, is a SerializationException', () => {
  const read = (line: string, body = '', headers = {}) =>
    protocol.decode(Buffer.from(body), called(line, headers), update);
  for (const line of ['PUT /mappings/a?max=x', 'PUT /mappings/a?max=', 'PUT /mappings/a?force=1']) {
    assert.equal(refusal(() => read(line)).type, 'SerializationException', line);
  }
  assert.equal(
    refusal(() => read('PUT /mappings/a', '', { 'x-since': '1422172800' })).type,
    'SerializationException',
  );
  assert.equal(refusal(() => read('PUT /mappings/a', '{"BatchSize":"x"}')).type, 'SerializationException');
  bare(() => read('PUT /mappings/%FF'));
  bare(() => read('PUT /mappings/a', '[]'));
});

test('a member may be all of the body', () => {
  const bytes = Buffer.of(0, 255);
  assert.deepEqual(protocol.decode(bytes, called('POST /functions/a/b'), invoke), {
    Name: 'a/b',
    Payload: bytes,
  });
  const body = Buffer.from('{"Text":"a"}');
  assert.deepEqual(protocol.decode(body, called('POST /notes/n'), note), { Name: 'n', Note: { Text: 'a' } });
  assert.deepEqual(protocol.decode(Buffer.alloc(0), called('POST /notes/n'), note), { Name: 'n' });
});

test('a body of another type than JSON is refused where JSON is read', () => {
  const misform = (line: string, type: string | undefined, body: string) => {
    const { request, fields } = requestOf(line, type === undefined ? {} : { 'content-type': type }, body);
    const { operation } = protocol.callOf(request, fields)!;
    return protocol.misformOf(request, fields, { name: operation, output: undefined });
  };
  const refused = misform('PUT /mappings/a', 'text/xml', '<a/>');
  assert.deepEqual([refused?.type, refused?.status], ['UnsupportedMediaTypeException', 415]);
  assert.equal(misform('PUT /mappings/a', 'application/json; charset=utf-8', '{}'), undefined);
  assert.equal(misform('PUT /mappings/a', undefined, '{}'), undefined);
  assert.equal(misform('PUT /mappings/a', 'text/xml', ''), undefined);
  assert.equal(misform('POST /functions/a', 'text/xml', '<a/>'), undefined);
});

function answered(name: keyof typeof outputs, value: unknown) {
  const { status, headers, body } = protocol.answer(value, { name, output: outputs[name] }, 'id');
  assert.ok(typeof body === 'string' || Buffer.isBuffer(body));
  return { status, headers, body: String(body) };
}

test('an answer is written to status, headers and body', () => {
  const value = {
    UUID: 'a',
    Revision: 3,
    Marks: ['a', 'b,c', ''],
    Changed: 1_422_172_800_000,
    Code: undefined,
  };
  assert.deepEqual(answered('Update', value), {
    status: 202,
    headers: {
      'Content-Type': 'application/json',
      'X-Revision': '3',
      'X-Marks': 'a, "b,c", ""',
      'Last-Modified': 'Sun, 25 Jan 2015 08:00:00 GMT',
    },
    body: '{"UUID":"a"}',
  });
  assert.equal(
    answered('Get', value).body,
    '{"UUID":"a","Revision":3,"Marks":["a","b,c",""],"Changed":1422172800}',
  );
});

test('a member may be all of the body, and one the status, of an answer', () => {
  assert.deepEqual(
    answered('Invoke', { StatusCode: 201, Payload: Buffer.from('bytes'), Error: 'Unhandled' }),
    {
      status: 201,
      headers: { 'Content-Type': 'application/octet-stream', 'X-Error': 'Unhandled' },
      body: 'bytes',
    },
  );
  assert.deepEqual(answered('Invoke', {}), { status: 200, headers: {}, body: '' });
});

test('an operation without output answers with its status alone', () => {
  assert.deepEqual(answered('Note', undefined), { status: 204, headers: {}, body: '' });
});

test('an error is named by a header, with its own status', () => {
  const { status, headers, body } = protocol.refuse(
    new ServiceError('ResourceConflictException', 'it is there', 409),
    'id',
  );
  assert.deepEqual(
    { status, headers, body: String(body) },
    {
      status: 409,
      headers: { 'Content-Type': 'application/json', 'x-amzn-ErrorType': 'ResourceConflictException' },
      body: '{"message":"it is there"}',
    },
  );
  assert.equal(String(protocol.refuse(new ServiceError('SerializationException'), 'id').body), '{}');
});
