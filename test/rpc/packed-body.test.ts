import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Authenticate } from '../../src/access/caller.ts';
import { createDispatch } from '../../src/rpc/dispatch.ts';
import { ServiceError } from '../../src/wire/service-error.ts';
import { caller, dispatchOf, requestOf, ToyService } from './toy.ts';

const bytesMax = 100;
const fitting = `{"Thing":"a"${' '.repeat(bytesMax - 13)}}`;

/** What a service that takes gzip, or one that does not, answers to a body that comes in it. */
async function answer(packed: Buffer, target: string, authenticate?: Authenticate, encoding = 'gzip') {
  const toys = [new ToyService('plain'), new ToyService('packed')];
  const { world } = dispatchOf(toys, {}, authenticate);
  const services = toys.map(({ service }) =>
    service.name === 'packed' ? { ...service, inflatedBytesMax: bytesMax } : service,
  );
  const request = requestOf(target, '');
  const rawHeaders = [...request.rawHeaders, 'Content-Encoding', encoding];
  const { body } = await createDispatch(services, world)({ ...request, rawHeaders, body: packed });
  return JSON.parse(String(body)) as unknown;
}

const malformed = { __type: 'SerializationException' };

test('a body in gzip is read where a service takes it, up to as much as it takes', async () => {
  assert.equal(fitting.length, bytesMax);
  assert.deepEqual(await answer(gzipSync(fitting), 'Toy_packed.Look'), { Said: 'a' });
  assert.deepEqual(await answer(gzipSync(fitting), 'Toy_packed.Look', undefined, 'GZIP'), { Said: 'a' });
  assert.deepEqual(await answer(gzipSync(`${fitting} `), 'Toy_packed.Look'), malformed);
});

test('a body that is no gzip is malformed, whatever its header says', async () => {
  assert.deepEqual(await answer(Buffer.alloc(20, 'x'), 'Toy_packed.Look'), malformed);
  assert.deepEqual(await answer(gzipSync(fitting), 'Toy_packed.Look', undefined, 'br'), malformed);
});

test('a service that takes no gzip reads the body as it came', async () => {
  assert.deepEqual(await answer(gzipSync(fitting), 'Toy_plain.Look'), malformed);
});

test('the signature is of the body as it was sent', async () => {
  const packed = gzipSync(fitting);
  const signed: string[] = [];
  await answer(packed, 'Toy_packed.Look', ({ body }) => {
    signed.push(hash('sha256', body));
    return caller;
  });
  assert.deepEqual(signed, [hash('sha256', packed)]);
});

test('of a body that is well-formed once it is unpacked, the signature is what is wrong', async () => {
  const refused: Authenticate = () => {
    throw new ServiceError('InvalidSignatureException', 'no');
  };
  const said = await answer(gzipSync(fitting), 'Toy_packed.Look', refused);
  assert.deepEqual(said, { __type: 'InvalidSignatureException', message: 'no' });
});
