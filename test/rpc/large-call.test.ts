import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLogger } from '../../src/env/logger.ts';
import { type LargeBodies, readInput } from '../../src/rpc/large-body.ts';
import type { Call } from '../../src/rpc/route.ts';
import { ServiceError } from '../../src/wire/service-error.ts';
import { caller, dispatchOf, ToyService } from './toy.ts';

const large = '{"Thing":"apple"}'.padEnd(3_000_000);

/** Reads in this thread, and keeps account of what it was asked. */
class Bodies implements LargeBodies {
  readonly asked: string[] = [];
  readonly memory = new ArrayBuffer(8);

  async hash(body: Buffer) {
    this.asked.push('hash');
    return { body, sha256: 'the hash' };
  }

  async read(body: Buffer, { protocol, called, operation }: Call) {
    this.asked.push('read');
    return { input: readInput(protocol, body, called, operation.input), memory: [this.memory] };
  }
}

test('the signature over a large body is verified by the hash that was made of it', async () => {
  const hashes: unknown[] = [];
  const toy = new ToyService('toy');
  const { call } = dispatchOf(
    [toy],
    { bodies: new Bodies() },
    (_request, _headers, _now, _scopes, sha256) => {
      hashes.push(sha256);
      return caller;
    },
  );
  const { status, said } = await call('Toy_toy.Look', large);
  assert.deepEqual({ status, said }, { status: 200, said: { Said: 'apple' } });
  assert.deepEqual(hashes, ['the hash']);
  assert.deepEqual(toy.done, ['Look apple']);
});

test('a large body is not read before its signature is verified', async () => {
  const bodies = new Bodies();
  const { call } = dispatchOf([new ToyService('toy')], { bodies }, () => {
    throw new ServiceError('InvalidSignatureException', 'wrong');
  });
  const { status, said } = await call('Toy_toy.Look', large);
  assert.equal(status, 400);
  assert.deepEqual(said, { __type: 'InvalidSignatureException', message: 'wrong' });
  assert.deepEqual(bodies.asked, ['hash']);
});

test('what holds the blobs of a large body is given back with the answer', async () => {
  const bodies = new Bodies();
  await dispatchOf([new ToyService('toy')], { bodies }).call('Toy_toy.Look', large);
  assert.deepEqual(bodies.asked, ['hash', 'read']);
  assert.ok(bodies.memory.detached);
});

test('a large call that the owner carries out goes there with the body that came back', async () => {
  const bodies = new Bodies();
  const owner = {
    call: async (_call: unknown, { length }: Buffer) => ({ status: 200, headers: {}, body: `${length}` }),
    page: () => assert.fail('no page was asked for'),
  };
  const { said } = await dispatchOf([new ToyService('toy')], { bodies, owner }).call('Toy_toy.Change', large);
  assert.equal(said, 3_000_000);
  assert.deepEqual(bodies.asked, ['hash']);
});

test('a large call whose reader ends is an InternalFailure, and is logged', async () => {
  const ended = () => Promise.reject(new Error('it ended'));
  for (const bodies of [{ hash: ended, read: ended }, Object.assign(new Bodies(), { read: ended })]) {
    const errors: unknown[] = [];
    const logger = {
      ...silentLogger,
      error: (message: string, fields = {}) => errors.push([message, fields]),
    };
    const { status, said } = await dispatchOf([new ToyService('toy')], { bodies, logger }).call(
      'Toy_toy.Look',
      large,
    );
    assert.deepEqual({ status, said }, { status: 500, said: { __type: 'InternalFailure' } });
    assert.deepEqual(errors, [['an operation failed', { operation: 'Look', error: new Error('it ended') }]]);
  }
});
