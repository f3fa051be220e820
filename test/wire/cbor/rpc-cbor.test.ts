import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rpcCbor } from '../../../src/wire/cbor/rpc-cbor.ts';
import { rpcProtocol } from '../../../src/wire/cbor/rpc-protocol.ts';
import { ServiceError } from '../../../src/wire/service-error.ts';
import { string, structure, timestamp } from '../../../src/wire/shape.ts';
import { bare } from '../refusal.ts';

const moment = structure('Moment', { T: timestamp() });
const hex = (bytes: Buffer) => bytes.toString('hex');

test('times are written as tag 1 and seconds, with a double only where there is a fraction', () => {
  assert.equal(hex(rpcCbor.encode({ T: 1_700_000_000_000 }, moment)), 'bf6154c11a6553f100ff');
  assert.equal(hex(rpcCbor.encode({ T: -1000 }, moment)), 'bf6154c120ff');
  assert.equal(hex(rpcCbor.encode({ T: 1_700_000_000_123 }, moment)), 'bf6154c1fb41d954fc4007df3bff');
});

test('times are read as seconds, from any number, to the millisecond', () => {
  const times: [bytes: string, milliseconds: number][] = [
    ['c11a6553f100', 1_700_000_000_000],
    ['c1fb41d954fc4007df3b', 1_700_000_000_123],
    ['fb41d954fc4007df3b', 1_700_000_000_123],
    ['c1f93e00', 1500],
    ['c120', -1000],
    ['c1f97c00', 8.64e15],
    ['c1f97e00', 0],
  ];
  for (const [bytes, milliseconds] of times) {
    assert.equal(rpcCbor.decode(Buffer.from(`a16154${bytes}`, 'hex'), moment).T, milliseconds, bytes);
  }
});

test('an error is named in full, and its message is spelled alike for all errors', () => {
  const shape = structure('Error', { __type: string(), message: string() });
  const { refuse } = rpcProtocol('Kinesis_20131202', 'com.amazonaws.kinesis');
  const decoded = (type: string, message?: string) =>
    rpcCbor.decode(refuse(new ServiceError(type, message), 'an id').body as Buffer, shape);
  assert.deepEqual(decoded('ResourceNotFoundException', 'gone'), {
    __type: 'com.amazonaws.kinesis#ResourceNotFoundException',
    message: 'gone',
  });
  assert.deepEqual(decoded('SerializationException', 'a text').message, 'a text');
  assert.deepEqual(decoded('InternalFailure'), { __type: 'com.amazonaws.kinesis#InternalFailure' });
});

test('no body is as good as an empty map', () => {
  assert.deepEqual(rpcCbor.decode(Buffer.alloc(0), moment), {});
  assert.ok(rpcCbor.wellFormed(Buffer.alloc(0)));
  bare(() => rpcCbor.decode(Buffer.of(0xf6), moment));
});
